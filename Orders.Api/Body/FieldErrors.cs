namespace Orders.Api.Body;

/// <summary>All errors of a body, by field, in the order in which they were found.</summary>
internal sealed class FieldErrors
{
    // A body with a hundred thousand invalid fields must not produce as many errors.
    private const int Limit = 100;

    private Dictionary<string, string[]>? _byField;

    public bool Any => _byField is not null;

    public bool IsFull => _byField?.Count >= Limit;

    public IReadOnlyDictionary<string, string[]> ByField => _byField ?? [];

    public void Add(FieldPath field, string message)
    {
        _byField ??= new(StringComparer.Ordinal);
        var name = field.ToString();
        if (!_byField.TryGetValue(name, out var earlier))
        {
            if (!IsFull)
            {
                _byField.Add(name, [message]);
            }
        }
        else if (!earlier.Contains(message))
        {
            _byField[name] = [.. earlier, message];
        }
    }

    public bool Has(FieldPath field) => _byField?.ContainsKey(field.ToString()) == true;
}
