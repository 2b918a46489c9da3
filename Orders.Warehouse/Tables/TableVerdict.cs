namespace Orders.Warehouse.Tables;

/// <summary>What is to be done with a table.</summary>
/// <param name="Record">What the ledger is to have.</param>
/// <param name="Need">Whether it needs a snapshot.</param>
internal sealed record TableVerdict(TableRecord Record, TableNeed Need)
{
    /// <summary>Judges a table. A pure function.</summary>
    /// <param name="look">What the catalog says.</param>
    /// <param name="before">What the ledger knows; null for a table that is new in the setting.</param>
    /// <param name="fault">Why it is refused; null when it is not.</param>
    public static TableVerdict Judge(TableLook look, TableRecord? before, string? fault)
    {
        var record = (before ?? new() { Name = look.Name.ToString(), Log = look.Name.Log, State = TableState.New }) with { Log = look.Name.Log };
        if (fault is not null)
        {
            return new(record with { State = TableState.Refused, Reason = fault, Entry = null }, TableNeed.Nothing);
        }

        var now = record with { Reason = null, Relation = look.Relation, Entry = look.Entry, KeyNumbers = look.KeyNumbers, KeyColumns = look.KeyColumns };
        if (before is not { State: TableState.Streaming } || before.Relation != look.Relation || before.Entry != look.Entry)
        {
            return new(now with { State = TableState.New }, TableNeed.First);
        }

        return before.Attributes is not { } attributes || before.KeyNumbers != look.KeyNumbers || Attributes.ChangesRows(attributes, look.Attributes)
            ? new(before, TableNeed.Again)
            : new(now with { Attributes = look.Attributes }, TableNeed.Nothing);
    }
}
