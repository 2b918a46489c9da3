using Amazon.CDK;
using Amazon.CDK.AWS.SecretsManager;
using Constructs;
using Orders.Infra.Settings;
using EcsSecret = Amazon.CDK.AWS.ECS.Secret;

namespace Orders.Infra.Keys;

/// <summary>
/// One scope's key in Secrets Manager: <c>{"Id": …, "Hash": …, "Merchants": …}</c>, as
/// <c>Orders__Keys__0__*</c> of the one service that the scope is for. Without a key it holds a text that is
/// not a hash: the service then refuses to start and explains how to make a key.
/// </summary>
internal sealed class ApiKeySecret
{
    private static readonly string[] Parts = ["Id", "Hash", "Merchants"];

    private readonly Secret _secret;
    private readonly string _scope;

    public ApiKeySecret(Construct scope, string id, string keyScope, KeyHash? key, RemovalPolicy removal)
    {
        _scope = keyScope;
        _secret = new Secret(scope, id, new SecretProps
        {
            Description = $"The key with the scope {keyScope}: its id, its hash, its merchants",
            SecretObjectValue = new Dictionary<string, SecretValue>(StringComparer.Ordinal)
            {
                ["Id"] = SecretValue.UnsafePlainText(key?.Id ?? "none-yet"),
                ["Hash"] = SecretValue.UnsafePlainText(key?.Hash ?? "none-yet"),
                ["Merchants"] = SecretValue.UnsafePlainText("*"),
            },
            RemovalPolicy = removal,
        });
    }

    public string Arn => _secret.SecretArn;

    /// <summary>The public part of the key.</summary>
    public IEnumerable<KeyValuePair<string, string>> Environment => [new("Orders__Keys__0__Scopes", _scope)];

    /// <summary>The secret part of the key.</summary>
    public IEnumerable<KeyValuePair<string, EcsSecret>> Secrets =>
        Parts.Select(part => KeyValuePair.Create($"Orders__Keys__0__{part}", EcsSecret.FromSecretsManager(_secret, part)));
}
