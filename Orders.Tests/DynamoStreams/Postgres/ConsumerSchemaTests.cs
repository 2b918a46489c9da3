using System.Security.Cryptography;
using System.Text;
using DynamoStreams.Postgres;
using Shouldly;
using Xunit;

namespace Orders.Tests.DynamoStreams.Postgres;

public sealed class ConsumerSchemaTests
{
    /// <summary>A database that has applied a file refuses another form of it.</summary>
    [Fact]
    public void The_files_of_the_default_schema_are_what_was_released() =>
        ConsumerSchema.Default.Files.Select(file => $"{file.Name} {Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(file.Sql)))}").ShouldBe(
        [
            "dynamostreams/01_streams.sql b72ae456467d5422d511204d9b1bf12d51e3992564427239587d29900d08b3ac",
            "dynamostreams/02_shards.sql e4d1e9ab7d4524dcc641734c85757d6f65702198445576563297ad0ed9e8a201",
            "dynamostreams/03_gaps.sql c7adda80121e12e9403cf9819610ae53a262aa71ae70629c4a2eaabd35f0cc35",
            "dynamostreams/04_dead_letters.sql 743d21fa68c2cac68f27c38c55c0d7920768940447084178ed55d10979a8fbf5",
        ]);

    [Fact]
    public void The_files_of_another_schema_have_names_of_their_own_so_that_one_bookkeeping_holds_both() =>
        new ConsumerSchema("payments").Files.Select(file => file.Name).ShouldBe(
            ["dynamostreams/payments/01_streams.sql", "dynamostreams/payments/02_shards.sql", "dynamostreams/payments/03_gaps.sql", "dynamostreams/payments/04_dead_letters.sql"]);

    [Fact]
    public void A_name_is_the_same_however_often_it_is_said()
    {
        new ConsumerSchema("payments").Files.ShouldBe(new ConsumerSchema("payments").Files);
        new ConsumerSchema(ConsumerSchema.DefaultName).Files.ShouldBe(ConsumerSchema.Default.Files);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Payments")]
    [InlineData("1st")]
    [InlineData("pay-ments")]
    [InlineData("pay ments")]
    [InlineData("zahlungsübersicht")]
    [InlineData("payments\n")]
    [InlineData("payments\"; DROP TABLE orders; --")]
    [InlineData("a123456789b123456789c123456789d123456789e123456789f123456789_123")]
    public void A_name_that_cannot_be_one_is_refused_with_the_rule(string name) => Should.Throw<ArgumentException>(() => new ConsumerSchema(name)).Message.ShouldStartWith(
        $"'{name}' cannot be the schema of a consumer. A name has 1 to 63 characters of a to z, 0 to 9 and _, and does not begin with a digit.");

    [Theory]
    [InlineData("pg_payments")]
    [InlineData("information_schema")]
    public void A_name_of_Postgres_own_is_refused(string name) => Should.Throw<ArgumentException>(() => new ConsumerSchema(name)).Message.ShouldStartWith(
        $"'{name}' cannot be the schema of a consumer: Postgres keeps this name for itself.");
}
