using System.Text.RegularExpressions;

namespace Orders.Infra.Settings;

/// <summary>
/// A key as a service stores it. The hash of 256 random bits is not secret: the key cannot be computed from
/// it.
/// </summary>
/// <param name="Id">The key's id.</param>
/// <param name="Hash"><c>sha256:&lt;salt&gt;:&lt;hash&gt;</c>.</param>
internal sealed partial record KeyHash(string Id, string Hash)
{
    public const string WayOut = "Write <id>:sha256:<salt>:<hash> with what `dotnet run --project Orders.Api -- new-key <id> <merchants> <scopes>` prints.";

    private const int MatchMilliseconds = 1_000;

    /// <summary>Reads <c>&lt;id&gt;:sha256:&lt;salt&gt;:&lt;hash&gt;</c>; null for anything else.</summary>
    public static KeyHash? TryParse(string text) =>
        Form().Match(text) is { Success: true } match ? new(match.Groups["id"].Value, match.Groups["hash"].Value) : null;

    [GeneratedRegex("^(?<id>[A-Za-z0-9_-]{1,64}):(?<hash>sha256:[A-Za-z0-9+/]{20,90}={0,2}:[A-Za-z0-9+/]{43}=)$", RegexOptions.ExplicitCapture, MatchMilliseconds)]
    private static partial Regex Form();
}
