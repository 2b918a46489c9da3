namespace Orders.ServiceDefaults;

/// <summary><c>new-key &lt;id&gt; [merchants] [scopes]</c>: makes a key and prints the settings that make a service know it.</summary>
internal static class NewKeyCommand
{
    private const string Verb = "new-key";

    public static bool Asked(string[] arguments) => arguments is [Verb, ..];

    public static int Run(string[] arguments, TextWriter output, TextWriter errors)
    {
        if (arguments.Length is < 2 or > 4 || !KeySettings.IsId(arguments[1]))
        {
            errors.WriteLine($"usage: {Verb} <id> [merchant,merchant|*] [{string.Join(',', Scopes.All)}]");
            return 1;
        }
        var merchants = arguments.ElementAtOrDefault(2) ?? Caller.EveryMerchant;
        var scopes = arguments.ElementAtOrDefault(3) ?? string.Join(',', Scopes.All);
        if (scopes.Split(',').Except(Scopes.All, StringComparer.Ordinal).FirstOrDefault() is { } unknown)
        {
            errors.WriteLine($"'{unknown}' is no scope. Scopes are {string.Join(", ", Scopes.All)}.");
            return 1;
        }

        var id = arguments[1];
        var secret = ApiKeyHash.NewSecret();
        output.WriteLine($"""
            # For the client. The secret is shown this once and stored nowhere:
            X-Api-Key: {id}.{secret}

            # For the service (N is the next free number):
            Orders__Keys__N__Id={id}
            Orders__Keys__N__Hash={ApiKeyHash.Of(secret)}
            Orders__Keys__N__Merchants={merchants}
            Orders__Keys__N__Scopes={scopes}
            """);
        return 0;
    }
}
