using Microsoft.AspNetCore.Http;
using Orders.ServiceDefaults.FairShares;

namespace Orders.ServiceDefaults.Bodies;

/// <summary>
/// The memory for request bodies, fairly shared between keys. It is taken before a body is read, so that
/// slow or many clients cannot make the service hold more.
/// </summary>
/// <param name="settings">How much there is.</param>
/// <param name="keyOf">The API key of a request; null for none.</param>
internal sealed class BodyBudget(BodySettings settings, Func<HttpContext, string?> keyOf)
{
    /// <summary>Bodies of up to this size, in bytes, are bounded by the number of connections.</summary>
    public const long FreeBytes = 16 * 1024;

    private readonly KeyShares _bytes = new(settings.Megabytes * 1024L * 1024L);

    /// <summary>How much is taken, in bytes.</summary>
    public long Taken => _bytes.Total;

    /// <summary>The memory of one request, of which nothing is taken yet.</summary>
    public BodyMemory Of(HttpContext context) => new(_bytes, keyOf(context) ?? "", context.Response);
}
