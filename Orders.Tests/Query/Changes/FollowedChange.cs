using System.Text.Json;

namespace Orders.Tests.Query;

/// <summary>An event of the feed.</summary>
internal sealed record FollowedChange(string Name, string Id, JsonElement Data)
{
    public Guid OrderId => Data.GetProperty("order_id").GetGuid();

    public long Version => Data.GetProperty("version").GetInt64();

    public override string ToString() => $"{Name} {OrderId} {Version}";
}
