namespace Orders.Domain.Fields;

/// <summary>Makes something of a field that needs the type of its values, without boxing them.</summary>
/// <typeparam name="TRow">What has the field.</typeparam>
/// <typeparam name="TResult">What is made.</typeparam>
public interface IFieldVisitor<TRow, out TResult>
{
    /// <summary>Makes it.</summary>
    /// <param name="field">The field.</param>
    TResult Visit<TValue>(Field<TRow, TValue> field);
}
