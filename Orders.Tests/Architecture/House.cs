using ArchUnitNET.Domain;
using ArchUnitNET.Loader;

namespace Orders.Tests.Architecture;

/// <summary>The production assemblies, as they refer to each other.</summary>
internal static class House
{
    /// <summary>The projects that are compiled into assemblies of our own.</summary>
    public static readonly IReadOnlyList<System.Reflection.Assembly> Assemblies =
    [
        typeof(global::DynamoStreams.StreamConsumer).Assembly,
        typeof(global::DynamoStreams.Postgres.PostgresLeaseStore).Assembly,
        typeof(global::DynamoStreams.Testing.MemoryLeaseStore).Assembly,
        typeof(Orders.Domain.Order).Assembly,
        typeof(Orders.ServiceDefaults.Errors.Problems).Assembly,
        typeof(Orders.Api.ApiHost).Assembly,
        typeof(Orders.Query.QueryHost).Assembly,
        typeof(Orders.Sync.SyncHost).Assembly,
        typeof(Orders.Warehouse.WarehouseHost).Assembly,
        typeof(Orders.Engines.EngineOptions).Assembly,
    ];

    private static readonly Lazy<ArchUnitNET.Domain.Architecture> Loaded = new(() => new ArchLoader().LoadAssemblies([.. Assemblies]).Build());

    /// <summary>
    /// Every reference from a type of a namespace to a type of another, each pair of types once.
    /// </summary>
    /// <param name="root">The namespace that both are in.</param>
    public static IEnumerable<(IType From, IType To)> References(string root) =>
        from type in Loaded.Value.Types
        where IsIn(type, root)
        from target in type.Dependencies.Select(dependency => dependency.Target).Distinct()
        where target != type && target is not GenericParameter && IsIn(target, root)
        select (type, target);

    /// <summary>Every reference of our types to whatever type.</summary>
    public static IEnumerable<(IType From, IType To)> References() =>
        from type in Loaded.Value.Types
        where type.Namespace is not null
        from target in type.Dependencies.Select(dependency => dependency.Target).Distinct()
        where target != type && target.Namespace is not null && !IsOfAMethod(target)
        select (type, target);

    // A type over a generic parameter of a method. Generated methods of two assemblies that are alike share
    // one.
    private static bool IsOfAMethod(IType type) => type.FullName.Contains("::", StringComparison.Ordinal);

    /// <summary>The folders of a project, by the namespaces of its types.</summary>
    /// <param name="root">The project's own namespace.</param>
    public static IEnumerable<string> Folders(string root) => Loaded.Value.Types.Where(type => IsIn(type, root)).Select(type => Folder(type, root)).Distinct(StringComparer.Ordinal);

    /// <summary>The folder of a type: its namespace behind a root, empty at the root itself.</summary>
    public static string Folder(IType type, string root) => type.Namespace.FullName.Length == root.Length ? "" : type.Namespace.FullName[(root.Length + 1)..];

    /// <summary>Whether a type is in a namespace or below it.</summary>
    public static bool IsIn(IType type, string root) =>
        type.Namespace is not null && (type.Namespace.FullName == root || type.Namespace.FullName.StartsWith($"{root}.", StringComparison.Ordinal));
}
