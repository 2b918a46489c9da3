namespace Orders.Domain.Fields;

/// <summary>A visitor of fields that needs the type of their values, without boxing.</summary>
/// <typeparam name="TRow">The owner of the field.</typeparam>
/// <typeparam name="TResult">The result.</typeparam>
public interface IFieldVisitor<TRow, out TResult>
{
    /// <summary>Visits a field.</summary>
    /// <param name="field">The field.</param>
    TResult Visit<TValue>(Field<TRow, TValue> field);
}
