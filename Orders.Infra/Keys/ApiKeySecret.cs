using Amazon.CDK;
using Amazon.CDK.AWS.SecretsManager;
using Constructs;
using Orders.Infra.Settings;
using EcsSecret = Amazon.CDK.AWS.ECS.Secret;

namespace Orders.Infra.Keys;

/// <summary>
/// One scope's key in Secrets Manager: <c>{"Id": …, "Hash": …, "Merchants": …}</c>, as
/// <c>Orders__Keys__0__*</c> of the one service that the scope is for. Without a key given, it holds a text
/// that is no hash, with which a service refuses to start and says how to make a key.
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

    /// <summary>The part of the key that everybody may see.</summary>
    public IEnumerable<KeyValuePair<string, string>> Environment => [new("Orders__Keys__0__Scopes", _scope)];

    /// <summary>The rest of it.</summary>
    public IEnumerable<KeyValuePair<string, EcsSecret>> Secrets =>
        Parts.Select(part => KeyValuePair.Create($"Orders__Keys__0__{part}", EcsSecret.FromSecretsManager(_secret, part)));
}
