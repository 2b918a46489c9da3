using System.Text.Json;

namespace Orders.Api.Body;

/// <summary>Reads an object's fields, one after the other.</summary>
internal interface IFieldReader
{
    /// <summary>Begins at a field's name and ends at the end of its value.</summary>
    void ReadField(ref Utf8JsonReader json);
}
