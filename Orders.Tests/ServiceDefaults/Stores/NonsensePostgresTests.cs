using System.Net;
using System.Net.Sockets;
using System.Text;
using DynamoStreams.Applying;
using DynamoStreams.Postgres;
using Npgsql;
using Orders.ServiceDefaults.Stores;
using Shouldly;
using Xunit;

namespace Orders.Tests.ServiceDefaults;

/// <summary>
/// A server that signs in like Postgres and then answers statements with frames of its protocol that make no
/// sense. Whatever Npgsql makes of that is no fault of a record, and none of this service.
/// </summary>
public sealed class NonsensePostgresTests
{
    private const int Answers = 200;
    private const string Codes = "12CDEGHIKNRSTVWZcdnstv";
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Nonsense_in_place_of_an_answer_is_taken_for_no_answer()
    {
        var foreign = 0;
        for (var seed = 0; seed < Answers; seed++)
        {
            await using var server = new Server(Nonsense(new Random(seed)));
            await using var postgres = Source(server.Port);

            var failure = await FailureAsync(() => AskAsync(postgres));
            foreign += failure is null or NpgsqlException ? 0 : 1;
            if (failure is not null)
            {
                PostgresFaults.IsNoAnswer(failure).ShouldBeTrue($"seed {seed}: {failure}");
                PostgresFailures.Classify(failure).ShouldBeOneOf(FailureKind.Passing, FailureKind.Slow, FailureKind.Setup);
                if (failure is not PostgresException)
                {
                    PostgresFailures.Classify(failure).ShouldBeOneOf([FailureKind.Passing, FailureKind.Slow], $"seed {seed}: {failure}");
                }
            }

            (await FailureAsync(() => postgres.LookAsync(async (connection, token) =>
            {
                await using var command = new NpgsqlCommand("SELECT 1", connection);
                return await command.ExecuteScalarAsync(token);
            }, Bound, TimeProvider.System, CancellationToken.None))).ShouldBeAssignableTo<NpgsqlException?>($"seed {seed}");
        }

        foreign.ShouldBeGreaterThan(Answers / 10, "Npgsql calls much of it a fault of its own");
    }

    private static async Task AskAsync(NpgsqlDataSource postgres)
    {
        await using var command = postgres.CreateCommand("SELECT 1");
        await command.ExecuteScalarAsync();
    }

    private static async Task<Exception?> FailureAsync(Func<Task> run)
    {
        try
        {
            await run().WaitAsync(Bound);
            return null;
        }
        catch (Exception failure)
        {
            return failure;
        }
    }

    private static NpgsqlDataSource Source(int port)
    {
        var builder = new NpgsqlDataSourceBuilder($"Host=127.0.0.1;Port={port};Username=u;Password=p;Database=d;Timeout=5;Command Timeout=5;SSL Mode=Disable;GSS Encryption Mode=Disable;No Reset On Close=true");
        builder.ConfigureTypeLoading(loading => loading.EnableTypeLoading(false));
        return builder.Build();
    }

    // Frames that are whole, with bodies that are not; or rows that do not fit their description.
    private static byte[] Nonsense(Random random)
    {
        using var frames = new MemoryStream();
        if (random.Next(2) == 0)
        {
            for (var frame = 0; frame < 5; frame++)
            {
                var body = new byte[random.Next(40)];
                random.NextBytes(body);
                Write(frames, Codes[random.Next(Codes.Length)], body);
            }

            return frames.ToArray();
        }

        var row = new byte[random.Next(2, 12)];
        random.NextBytes(row);
        Write(frames, '1', []);
        Write(frames, '2', []);
        Write(frames, 'T', [0, 1, (byte)'a', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 23, 0, 4, 0xff, 0xff, 0xff, 0xff, 0, 1]);
        Write(frames, 'D', row);
        Write(frames, 'C', "SELECT 1\0"u8);
        Write(frames, 'Z', "I"u8);
        return frames.ToArray();
    }

    private static void Write(MemoryStream frames, char code, ReadOnlySpan<byte> body)
    {
        frames.Write([(byte)code, 0, 0, 0, (byte)(body.Length + 4)]);
        frames.Write(body);
    }

    private sealed class Server : IAsyncDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly byte[] _answer;
        private readonly Task _serving;

        public Server(byte[] answer)
        {
            _answer = answer;
            _listener.Start();
            _serving = AcceptAsync();
        }

        public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

        public async ValueTask DisposeAsync()
        {
            _listener.Stop();
            await _serving;
        }

        private async Task AcceptAsync()
        {
            try
            {
                while (true)
                {
                    using var client = await _listener.AcceptTcpClientAsync();
                    await ServeAsync(client.GetStream());
                }
            }
            catch (Exception ended) when (ended is SocketException or IOException or ObjectDisposedException or InvalidOperationException)
            {
                // The test is over, or the client had enough.
            }
        }

        private async Task ServeAsync(NetworkStream stream)
        {
            var asked = new byte[8192];
            _ = await stream.ReadAsync(asked);
            using var welcome = new MemoryStream();
            Write(welcome, 'R', [0, 0, 0, 0]);
            foreach (var (name, value) in new[] { ("server_version", "18.0"), ("client_encoding", "UTF8"), ("TimeZone", "UTC"), ("integer_datetimes", "on"), ("standard_conforming_strings", "on") })
            {
                Write(welcome, 'S', Encoding.ASCII.GetBytes($"{name}\0{value}\0"));
            }

            Write(welcome, 'K', [0, 0, 0, 1, 0, 0, 0, 1]);
            Write(welcome, 'Z', "I"u8);
            await stream.WriteAsync(welcome.ToArray());
            _ = await stream.ReadAsync(asked);
            await stream.WriteAsync(_answer);
        }
    }
}
