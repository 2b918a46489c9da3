using System.Security.Cryptography;
using System.Text;
using Orders.Tests;
using Xunit;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCaseOrderer(typeof(SeededOrder))]
[assembly: TestCollectionOrderer(typeof(SeededOrder))]

namespace Orders.Tests;

/// <summary>
/// The order in which the tests run: shuffled, by names and a seed alone. xUnit's own order depends on the
/// folder of the assembly, so that a test which leans on another passes in one clone and fails in the next;
/// this one is the same everywhere, and <c>ORDERS_TEST_SEED</c> gives another.
/// </summary>
public sealed class SeededOrder : ITestCaseOrderer, ITestCollectionOrderer
{
    private static readonly string Seed = Environment.GetEnvironmentVariable("ORDERS_TEST_SEED") ?? "1";

    public IReadOnlyCollection<TTestCase> OrderTestCases<TTestCase>(IReadOnlyCollection<TTestCase> testCases)
        where TTestCase : notnull, ITestCase => [.. testCases.OrderBy(test => Rank(test.TestCaseDisplayName), StringComparer.Ordinal)];

    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection => [.. testCollections.OrderBy(collection => Rank(collection.TestCollectionDisplayName), StringComparer.Ordinal)];

    // The id that xUnit adds to a collection's name is of the assembly's folder too.
    private static string Rank(string name) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes($"{Seed}:{name.Split(" (id:")[0]}")));
}
