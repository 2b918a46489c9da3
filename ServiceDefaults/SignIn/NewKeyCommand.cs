namespace Orders.ServiceDefaults.SignIn;

/// <summary>
/// <c>new-key &lt;id&gt; &lt;merchants&gt; &lt;scopes&gt;</c>: makes a key and prints the settings that add
/// it to a service. Its permissions must always be given: a short command must not make a key for
/// everything.
/// </summary>
internal static class NewKeyCommand
{
    private const string Verb = "new-key";
    private static readonly string Usage =
        $"usage: {Verb} <id> <merchant,merchant|*> <scope,scope>    scopes: {string.Join(' ', Scopes.All)}    for example: {Verb} shop merchant-102 {Scopes.OrdersWrite}";

    public static bool Asked(string[] arguments) => arguments is [Verb, ..];

    public static int Run(string[] arguments, TextWriter output, TextWriter errors)
    {
        if (arguments is [_, "--help" or "-h" or "-?"])
        {
            output.WriteLine(Usage);
            return 0;
        }

        if (arguments is not [_, var id, var merchants, var scopes] || id.StartsWith('-') || !KeySettings.IsId(id) || merchants.Length == 0)
        {
            errors.WriteLine(Usage);
            return 1;
        }

        if (scopes.Split(',').Except(Scopes.All, StringComparer.Ordinal).FirstOrDefault() is { } unknown)
        {
            errors.WriteLine($"'{unknown}' is no scope. Scopes are {string.Join(", ", Scopes.All)}.");
            return 1;
        }

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
