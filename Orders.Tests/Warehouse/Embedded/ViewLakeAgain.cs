using Orders.Warehouse.Embedded;
using Orders.Warehouse.Store;

namespace Orders.Tests.Warehouse.Embedded;

/// <summary>Another process on a lake that is there.</summary>
internal sealed class ViewLakeAgain : IDisposable
{
    private readonly LakeMirror _mirror;

    public ViewLakeAgain(string folder)
    {
        var store = new FolderLake(folder, TimeProvider.System);
        _mirror = new(store, folder, ["orders_changes/"], TimeProvider.System);
        Views = new(store, _mirror);
    }

    public ViewDatabase Views { get; }

    public void Dispose()
    {
        Views.Dispose();
        _mirror.Dispose();
    }
}
