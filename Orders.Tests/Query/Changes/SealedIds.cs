using Microsoft.Extensions.Configuration;
using Orders.Query.Changes;
using Orders.Query.Settings;

namespace Orders.Tests.Query;

/// <summary>Makes and opens ids of changes as a service with the same settings does.</summary>
internal static class SealedIds
{
    public static ChangeIdSeal Of(IReadOnlyDictionary<string, string?> settings) =>
        new(QuerySettings.Read(new ConfigurationBuilder().AddInMemoryCollection(settings).Build()).CursorKey);
}
