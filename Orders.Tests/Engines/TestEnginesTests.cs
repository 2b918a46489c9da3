using Npgsql;
using Shouldly;
using StackExchange.Redis;
using Xunit;

namespace Orders.Tests.Engines;

public sealed class TestEnginesTests(TestEngines engines)
{
    [Fact]
    public async Task Each_test_class_gets_stores_of_its_own()
    {
        var one = await engines.CreateStoresAsync();
        var other = await engines.CreateStoresAsync();

        one.Table.ShouldNotBe(other.Table);
        (await CurrentDatabaseAsync(one)).ShouldNotBe(await CurrentDatabaseAsync(other));
        Assert.SkipWhen(one.Redis is null, "no Redis on this machine");
        using var written = await ConnectionMultiplexer.ConnectAsync(one.Redis!);
        using var read = await ConnectionMultiplexer.ConnectAsync(other.Redis!);
        await written.GetDatabase().StringSetAsync("mine", "1");
        (await read.GetDatabase().KeyExistsAsync("mine")).ShouldBeFalse();
    }

    private static async Task<string?> CurrentDatabaseAsync(TestStores stores)
    {
        await using var source = NpgsqlDataSource.Create(stores.Postgres);
        await using var command = source.CreateCommand("SELECT current_database()");
        return (string?)await command.ExecuteScalarAsync();
    }
}
