using Orders.Api.Body;
using Orders.Api.Http;
using Orders.Api.Place;
using Orders.ServiceDefaults.SignIn;

namespace Orders.Api.Batch;

/// <summary>Places the orders of a batch, several calls at a time.</summary>
internal sealed class BatchPlacer(BatchWriter writer, IdempotentBatchWriter idempotentWriter, TimeProvider time)
{
    // Enough to hide the network latency of DynamoDB; with more, one client's batch would delay the single
    // orders of all others.
    private const int CallsInFlight = 4;

    /// <summary>Starts placing them.</summary>
    /// <returns>A task with the result of each order, in the batch's order.</returns>
    public Task<LineAnswer>[] Start(BatchBody batch, Caller caller, string? key, CancellationToken cancellationToken)
    {
        var answers = new Task<LineAnswer>[batch.Orders.Count];
        var lines = new List<BatchLine>(answers.Length);
        var (now, trace) = (time.GetUtcNow(), TraceContext.Current);
        for (var i = 0; i < answers.Length; i++)
        {
            if (Refuse(batch.Orders[i], caller) is { } refusal)
            {
                answers[i] = Task.FromResult(refusal);
            }
            else
            {
                var request = batch.Orders[i].Value!;
                lines.Add(new BatchLine(i, request, request.Place(Guid.CreateVersion7(now), now, trace)));
            }
        }

        var slots = new SemaphoreSlim(CallsInFlight);
        if (key is not null)
        {
            foreach (var line in lines)
            {
                answers[line.Index] = InSlotAsync(slots, () => idempotentWriter.WriteAsync(line, key, cancellationToken));
            }

            return answers;
        }

        foreach (var chunk in lines.Chunk(BatchWriter.Most))
        {
            var written = InSlotAsync(slots, () => writer.WriteAsync(chunk, cancellationToken));
            for (var i = 0; i < chunk.Length; i++)
            {
                answers[chunk[i].Index] = AtAsync(written, i);
            }
        }

        return answers;
    }

    private static LineAnswer? Refuse(Parsed<OrderRequest> order, Caller caller)
    {
        if (!order.TryGet(out var request, out var errors))
        {
            return LineAnswer.Invalid(errors);
        }

        return caller.MayUse(request.MerchantId) ? null : LineAnswer.OtherMerchant;
    }

    private static async Task<T> InSlotAsync<T>(SemaphoreSlim slots, Func<Task<T>> work)
    {
        // The wait is not cancelled: it ends soon after a time-out, and each call reports the results of its
        // own orders.
        await slots.WaitAsync(CancellationToken.None);
        try
        {
            return await work();
        }
        finally
        {
            slots.Release();
        }
    }

    private static async Task<LineAnswer> AtAsync(Task<LineAnswer[]> answers, int place) => (await answers)[place];
}
