namespace Orders.ServiceDefaults.SignIn;

/// <summary>The id and secret in a request, not verified yet.</summary>
internal readonly record struct Credential(string Id, string Secret)
{
    /// <summary>Omits the secret, so that it is never logged.</summary>
    public override string ToString() => $"Credential {Id}";
}
