using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace Orders.Warehouse.Tables;

/// <summary>The names of the slot and the publication. A slot's name is the whole server's, so it has the
/// database in it.</summary>
/// <param name="database">The database.</param>
internal sealed class SlotNames(NpgsqlDataSource database)
{
    private const string Prefix = "orders_warehouse";
    private const int Longest = 63;

    /// <summary>The slot.</summary>
    public string Slot { get; } = ForDatabase(new NpgsqlConnectionStringBuilder(database.ConnectionString) is var target ? target.Database ?? target.Username ?? "" : "");

    /// <summary>The publication.</summary>
    public string Publication { get; } = Prefix;

    /// <summary>Whose range the slot's files are, in the ledger.</summary>
    public string Source => $"slot/{Slot}";

    /// <summary>Whose range a snapshot's files are.</summary>
    /// <param name="lsn">Its consistent point.</param>
    public string SnapshotSource(ulong lsn) => $"{SnapshotSources}{Place.Format(lsn)}";

    /// <summary>The beginning of <see cref="SnapshotSource"/>.</summary>
    public string SnapshotSources => $"snapshot/{Slot}/";

    internal static string ForDatabase(string name)
    {
        var slot = $"{Prefix}_{string.Concat(name.Select(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) ? letter : '_'))}";
        var isExact = slot.Length <= Longest && slot.EndsWith(name, StringComparison.Ordinal);
        return isExact ? slot : $"{slot[..Math.Min(slot.Length, Longest - 9)]}_{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, 4))}";
    }
}
