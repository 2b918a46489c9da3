using Orders.Query.Rows;

namespace Orders.Query.Lists;

/// <summary>A page of orders, for OpenAPI.</summary>
internal static class ListExamples
{
    public const string Cursor = "AcOrF3jAEnUmAAZInXQlEIABnBM9V0B8Ppsar45tTFs6bYbJ1mYxqB6PEz1cWk2E";

    public const string Page = $$"""{ "orders": [{{OrderExamples.Order}}], "next_cursor": "{{Cursor}}" }""";
}
