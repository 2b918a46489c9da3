using System.Text;

namespace Orders.Warehouse.Tables;

/// <summary>Reads the text of a Postgres array.</summary>
internal static class PgArray
{
    /// <summary>Reads an array of one dimension that begins at 1, as nearly all are.</summary>
    /// <param name="text">The text: <c>{1,NULL,"a b"}</c>.</param>
    /// <returns>Its elements; null for an array of another shape.</returns>
    public static List<string?>? Read(string text)
    {
        if (text.Length < 2 || text[0] != '{')
        {
            // With other bounds the text is [0:1]={…}.
            return null;
        }

        var elements = new List<string?>();
        var element = new StringBuilder();
        for (var at = 1; at < text.Length - 1; at++)
        {
            if (text[at] == '{')
            {
                return null;
            }

            element.Clear();
            if (text[at] == '"')
            {
                at = ReadQuoted(text, at + 1, element);
                elements.Add(element.ToString());
            }
            else
            {
                at = ReadPlain(text, at, element);
                elements.Add(element.Equals("NULL") ? null : element.ToString());
            }
        }

        return elements;
    }

    // Both end at the comma, or at the last brace.
    private static int ReadQuoted(string text, int at, StringBuilder element)
    {
        for (; text[at] != '"'; at++)
        {
            at += text[at] == '\\' ? 1 : 0;
            element.Append(text[at]);
        }

        return at + 1;
    }

    private static int ReadPlain(string text, int at, StringBuilder element)
    {
        for (; at < text.Length - 1 && text[at] != ','; at++)
        {
            at += text[at] == '\\' ? 1 : 0;
            element.Append(text[at]);
        }

        return at;
    }
}
