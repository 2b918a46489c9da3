namespace Orders.ServiceDefaults.SignIn;

/// <summary>An id and a secret as a request shows them: not yet believed.</summary>
internal readonly record struct Credential(string Id, string Secret)
{
    /// <summary>Says nothing of the secret, so that no log can.</summary>
    public override string ToString() => $"Credential {Id}";
}
