namespace Orders.Tests.Fuzz;

/// <summary>Short words for what a generator asks of chance.</summary>
internal static class Chance
{
    /// <summary>True so many times of a hundred.</summary>
    public static bool Percent(this Random random, int percent) => random.Next(100) < percent;

    /// <summary>Any of these.</summary>
    public static T OneOf<T>(this Random random, params IReadOnlyList<T> values) => values[random.Next(values.Count)];
}
