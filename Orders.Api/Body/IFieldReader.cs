using System.Text.Json;

namespace Orders.Api.Body;

/// <summary>Takes in an object's fields, one after the other.</summary>
internal interface IFieldReader
{
    /// <summary>Stands on a field's name; leaves on the end of its value.</summary>
    void ReadField(ref Utf8JsonReader json);
}
