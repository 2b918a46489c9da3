using System.IO.Pipelines;
using Orders.Query.Changes;
using Shouldly;
using Xunit;

namespace Orders.Tests.Query;

public sealed class EventWriterTests
{
    [Fact]
    public async Task A_client_that_takes_nothing_is_given_up()
    {
        var pipe = new Pipe(new(pauseWriterThreshold: 4096, resumeWriterThreshold: 2048));
        var writer = new EventWriter(pipe.Writer, TimeSpan.FromMilliseconds(50), TimeProvider.System);

        await Should.ThrowAsync<TimeoutException>(async () => await writer.WriteAsync(new byte[100_000], CancellationToken.None));

        writer.IsStuck.ShouldBeTrue();
    }

    [Fact]
    public async Task A_client_that_takes_a_little_at_a_time_gets_it_all()
    {
        var pipe = new Pipe(new(pauseWriterThreshold: 4096, resumeWriterThreshold: 2048));
        var writer = new EventWriter(pipe.Writer, TimeSpan.FromSeconds(60), TimeProvider.System);
        var bytes = new byte[100_000];
        Random.Shared.NextBytes(bytes);
        var writing = WriteAsync();

        var taken = new List<byte>();
        while (await pipe.Reader.ReadAsync() is { Buffer.IsEmpty: false } read)
        {
            taken.AddRange(read.Buffer.FirstSpan);
            pipe.Reader.AdvanceTo(read.Buffer.GetPosition(read.Buffer.FirstSpan.Length));
        }

        await writing;
        taken.ShouldBe(bytes);
        writer.IsStuck.ShouldBeFalse();

        async Task WriteAsync()
        {
            await writer.WriteAsync(bytes, CancellationToken.None);
            await writer.FlushAsync(CancellationToken.None);
            await pipe.Writer.CompleteAsync();
        }
    }
}
