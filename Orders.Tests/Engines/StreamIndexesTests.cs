using Orders.Engines;
using Orders.Engines.Data;
using Orders.Engines.Dynamo;
using Shouldly;
using SQLitePCL;
using Xunit;

namespace Orders.Tests.Engines;

public sealed class StreamIndexesTests : IDisposable
{
    // dynoxide 1.2.1's own statements, from its program file: the next sequence number at each write, and a
    // page of a shard.
    private const string NextSequence = "SELECT COALESCE(MAX(CAST(sequence_number AS INTEGER)), 0) + 1 FROM _stream_records WHERE table_name = 'orders'";

    private const string Page = """
        SELECT event_name, keys_json, new_image, old_image, sequence_number, created_at, user_identity
        FROM _stream_records
        WHERE table_name = 'orders' AND shard_id = 'shard' AND CAST(sequence_number AS INTEGER) > 5
        ORDER BY CAST(sequence_number AS INTEGER) ASC
        LIMIT 1000
        """;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Dynoxide_answers_its_own_questions_by_them()
    {
        var data = await DataFolder.OpenAsync(_folder.Path, CancellationToken.None);
        var steps = new Steps();
        await using (await DynamoEngine.StartAsync(new EngineFinder(new EngineOptions(), steps), data, steps, CancellationToken.None))
        {
            var file = data.In("dynoxide", "orders.db");
            StreamIndexes.Add(file);

            Plan(file, NextSequence).ShouldContain("USING INDEX orders_stream_sequence");
            Plan(file, Page).ShouldContain("USING INDEX orders_stream_shard (table_name=? AND shard_id=? AND <expr>>?)");
            Plan(file, Page).ShouldNotContain("TEMP B-TREE");
        }

        data.Dispose();
    }

    [Fact]
    public void A_file_of_another_kind_is_told_in_one_line()
    {
        var file = _folder.In("other.db");
        File.WriteAllText(file, "");

        var failure = Should.Throw<EngineException>(() => StreamIndexes.Add(file));

        failure.Message.ShouldContain("no such table: main._stream_records");
    }

    private static string Plan(string file, string sql)
    {
        raw.sqlite3_open_v2(file, out var database, raw.SQLITE_OPEN_READONLY, null).ShouldBe(raw.SQLITE_OK);
        using (database)
        {
            raw.sqlite3_prepare_v2(database, "EXPLAIN QUERY PLAN " + sql, out var statement).ShouldBe(raw.SQLITE_OK);
            using (statement)
            {
                var lines = new List<string>();
                while (raw.sqlite3_step(statement) == raw.SQLITE_ROW)
                {
                    lines.Add(raw.sqlite3_column_text(statement, 3).utf8_to_string());
                }

                return string.Join('\n', lines);
            }
        }
    }
}
