using Orders.Infra.Settings;

namespace Orders.Infra;

/// <summary>The parameters of a command line.</summary>
internal static class Arguments
{
    /// <summary>Reads them.</summary>
    /// <param name="arguments">Each <c>name=value</c>.</param>
    /// <exception cref="StackSettingException">One is not a parameter, or is given twice.</exception>
    public static IReadOnlyDictionary<string, string> Read(IEnumerable<string> arguments)
    {
        var given = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var argument in arguments)
        {
            var sign = argument.IndexOf('=', StringComparison.Ordinal);
            var name = sign < 0 ? argument : argument[..sign];
            if (sign <= 0 || !OrdersApp.Parameters.Contains(name))
            {
                var known = string.Join(", ", OrdersApp.Parameters);
                throw new StackSettingException(name, "There is no such parameter.", $"Write name=value with one of {known}.");
            }

            if (!given.TryAdd(name, argument[(sign + 1)..]))
            {
                throw new StackSettingException(name, "It is given twice.", "Leave one out.");
            }
        }

        return given;
    }
}
