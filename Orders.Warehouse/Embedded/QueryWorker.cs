using System.Data.Common;
using System.Text.Json;
using DuckDB.NET.Data;
using DuckDB.NET.Native;
using Orders.Warehouse.Logs;

namespace Orders.Warehouse.Embedded;

/// <summary>
/// The process that runs one query of somebody else. DuckDB's bounds do not cover every function: one
/// <c>repeat</c> takes gigabytes at once and cannot be interrupted, and a text with enough brackets may end
/// a process. So the query has a process of its own, without the environment of the service, which
/// <see cref="LockedQueries"/> watches and ends.
/// </summary>
internal static class QueryWorker
{
    /// <summary>The argument that makes a process of this program one.</summary>
    public const string Argument = "query-worker";

    private const string Describing = "DESCRIBE ";
    private static readonly string[] Bracketed = ["SHOW", "DESCRIBE", "SUMMARIZE"];
    private const int StackBytes = 64 * 1024 * 1024;

    /// <summary>
    /// Runs the query that stands on standard input, and writes the answer as lines of JSON.
    /// </summary>
    public static int Run()
    {
        GoFirst();
        var input = Console.In;
        var request = JsonSerializer.Deserialize(input.ReadLine() ?? "", EmbeddedJson.Default.QueryRequest)!;
        // The input ends when the process that asks does.
        new Thread(() =>
        {
            _ = input.ReadLine();
            Environment.Exit(1);
        })
        { IsBackground = true }.Start();
        using var output = new BufferedStream(Console.OpenStandardOutput(), 64 * 1024);
        QueryEnd? end = null;
        // A query's depth is the depth of the stack.
        var thread = new Thread(() => end = Answer(request, output), StackBytes);
        thread.Start();
        thread.Join();
        WriteLine(output, JsonSerializer.SerializeToUtf8Bytes(end!, EmbeddedJson.Default.QueryEnd));
        output.Flush();
        return 0;
    }

    // When memory is short, Linux ends this process before any other.
    private static void GoFirst()
    {
        try
        {
            File.WriteAllText("/proc/self/oom_score_adj", "1000");
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            // Not Linux.
        }
    }

    private static QueryEnd Answer(QueryRequest request, Stream output)
    {
        try
        {
            using var connection = Open(request);
            using var interrupt = new Timer(_ => NativeMethods.Startup.DuckDBInterrupt(connection.NativeConnection), state: null, TimeSpan.FromSeconds(request.Seconds), TimeSpan.FromMilliseconds(100));
            OneSelect.Check(connection, request.Sql);
            var columns = Describe(connection, request.Sql);
            WriteLine(output, JsonSerializer.SerializeToUtf8Bytes(columns, EmbeddedJson.Default.IReadOnlyListQueryColumn));
            return new(Write(connection, request, columns, output), Fault: null, Message: null);
        }
        catch (QueryException failure)
        {
            return new(IsCut: false, failure.Fault, failure.Message);
        }
        catch (OperationCanceledException)
        {
            return new(IsCut: false, QueryFault.Time, QueryFaults.TooLong);
        }
        catch (DbException failure)
        {
            var known = QueryFaults.Of(WithoutDescribe(failure.Message));
            return new(IsCut: false, known.Fault, known.Message);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            // A time before the year 1, more digits than a number here has.
            return new(IsCut: false, QueryFault.Sql, $"A value cannot be answered as it is ({failure.Message.TrimEnd('.')}). Cast it: CAST(… AS VARCHAR).");
        }
    }

    // The mark below the line stands as much further to the right.
    private static string WithoutDescribe(string message) => message
        .Replace($"LINE 1: {Describing}", "LINE 1: ", StringComparison.Ordinal)
        .Replace($"\n{new string(' ', Describing.Length)}", "\n", StringComparison.Ordinal);

    private static DuckDBConnection Open(QueryRequest request)
    {
        var connection = new DuckDBConnection($"DataSource=\"{request.Database}\";access_mode=READ_ONLY;autoinstall_known_extensions=false;autoload_known_extensions=false");
        connection.Open();
        foreach (var setting in Settings(request))
        {
            connection.Execute(setting);
        }

        return connection;
    }

    // The order matters: after the last one none can be set.
    private static string[] Settings(QueryRequest request) =>
    [
        "SET TimeZone = 'UTC'",
        "SET threads = 2",
        $"SET memory_limit = '{request.MemoryMegabytes}MiB'",
        "SET temp_directory = ''",
        "SET allow_community_extensions = false",
        "SET allow_unsigned_extensions = false",
        "SET enable_logging = false",
        "SET allow_persistent_secrets = false",
        $"SET allowed_directories = [{string.Join(", ", request.Folders.Select(folder => $"'{ParquetFile.Quote(folder)}'"))}]",
        "SET enable_external_access = false",
        "SET lock_configuration = true",
    ];

    private static List<QueryColumn> Describe(DuckDBConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        // DuckDB describes these only within brackets.
        command.CommandText = Array.Exists(Bracketed, word => sql.TrimStart().StartsWith(word, StringComparison.OrdinalIgnoreCase)) ? $"{Describing}FROM ({sql.TrimEnd().TrimEnd(';')})" : Describing + sql;
        using var reader = command.ExecuteReader();
        var columns = new List<QueryColumn>();
        while (reader.Read())
        {
            columns.Add(new(reader.GetString(0), reader.GetString(1)));
        }

        return columns;
    }

    private static bool Write(DuckDBConnection connection, QueryRequest request, List<QueryColumn> columns, Stream output)
    {
        using var command = connection.CreateCommand();
        command.CommandText = request.Sql;
        command.UseStreamingMode = true;
        using var reader = command.ExecuteReader();
        JsonCell[] cells = [.. columns.Select(column => new JsonCell(column.Type))];
        var values = Enumerable.Range(0, cells.Length).Select(column => CellReader.Of(reader, column)).ToArray();
        var buffer = new MemoryStream();
        using var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        var (rows, bytes) = (0, 0L);
        while (reader.Read())
        {
            if (rows++ == request.Rows)
            {
                return true;
            }

            json.WriteStartArray();
            for (var i = 0; i < cells.Length; i++)
            {
                cells[i].Write(json, values[i](reader));
            }

            json.WriteEndArray();
            json.Flush();
            bytes += buffer.Length;
            if (bytes > request.AnswerBytes)
            {
                throw new QueryException(QueryFault.Size, $"The answer is larger than {request.AnswerBytes / (1024 * 1024)} MiB. Ask for fewer rows or columns.");
            }

            WriteLine(output, buffer.GetBuffer().AsSpan(0, (int)buffer.Length));
            buffer.SetLength(0);
            json.Reset();
        }

        return false;
    }

    private static void WriteLine(Stream output, ReadOnlySpan<byte> line)
    {
        output.Write(line);
        output.WriteByte((byte)'\n');
    }
}
