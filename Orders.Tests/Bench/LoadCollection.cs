using Xunit;

namespace Orders.Tests.Bench;

/// <summary>
/// Tests that load the machine as much as they can: one after the other, and beside no others, whose calls
/// would time out.
/// </summary>
[CollectionDefinition(nameof(LoadCollection), DisableParallelization = true)]
public sealed class LoadCollection;
