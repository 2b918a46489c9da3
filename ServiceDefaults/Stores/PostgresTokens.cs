using Amazon.Runtime;
using Amazon.Runtime.Credentials;
using Npgsql;

namespace Orders.ServiceDefaults.Stores;

/// <summary>Makes tokens that RDS takes for passwords.</summary>
/// <param name="region">The database's region.</param>
/// <param name="given">Credentials of the settings; null to search as the SDK does.</param>
/// <param name="time">The clock of the tokens.</param>
internal sealed class PostgresTokens(string region, AWSCredentials? given, TimeProvider time)
{
    /// <summary>A token for a connection.</summary>
    public string Make(NpgsqlConnectionStringBuilder target) => Make(target, Credentials().GetCredentials());

    /// <summary>The same, without blocking.</summary>
    public async Task<string> MakeAsync(NpgsqlConnectionStringBuilder target, CancellationToken cancellationToken) =>
        Make(target, await Credentials().GetCredentialsAsync().WaitAsync(cancellationToken));

    // The SDK's own search caches credentials and renews them before they expire.
    private AWSCredentials Credentials() => given ?? DefaultAWSCredentialsIdentityResolver.GetCredentials();

    private string Make(NpgsqlConnectionStringBuilder target, ImmutableCredentials credentials) =>
        RdsAuthToken.Make(target.Host!, target.Port, target.Username!, region, credentials, time.GetUtcNow());
}
