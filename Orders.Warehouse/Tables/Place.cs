using System.Globalization;
using System.Runtime.InteropServices;

namespace Orders.Warehouse.Tables;

/// <summary>Where a change is in the write-ahead log. Its text sorts as it does.</summary>
/// <param name="Lsn">Where its transaction was committed.</param>
/// <param name="Ordinal">Its number in the transaction.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Place(ulong Lsn, long Ordinal) : IComparable<Place>
{
    private const int LsnDigits = 16;

    /// <summary>The LSN, as columns have it.</summary>
    public string LsnText => Format(Lsn);

    /// <summary>An LSN as 16 hex digits.</summary>
    public static string Format(ulong lsn) => lsn.ToString("X16", CultureInfo.InvariantCulture);

    /// <summary>Reads an LSN of 16 hex digits; null stays null.</summary>
    public static ulong? ParseLsn(string? text) => text is null ? null : ulong.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    /// <summary>Reads the text of a place; an empty one is before every place.</summary>
    public static Place Parse(string text) => text.Length == 0
        ? default
        : new(ParseLsn(text[..LsnDigits])!.Value, long.Parse(text.AsSpan(LsnDigits + 1), CultureInfo.InvariantCulture));

    /// <inheritdoc/>
    public override string ToString() => $"{LsnText}-{Ordinal:D12}";

    /// <inheritdoc/>
    public int CompareTo(Place other) => Lsn == other.Lsn ? Ordinal.CompareTo(other.Ordinal) : Lsn.CompareTo(other.Lsn);

    public static bool operator <(Place left, Place right) => left.CompareTo(right) < 0;

    public static bool operator >(Place left, Place right) => left.CompareTo(right) > 0;

    public static bool operator <=(Place left, Place right) => left.CompareTo(right) <= 0;

    public static bool operator >=(Place left, Place right) => left.CompareTo(right) >= 0;
}
