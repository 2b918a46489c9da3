using Microsoft.Extensions.DependencyInjection;

namespace Orders.AppHost.Stores;

/// <summary>
/// The stores in containers. Containers and data outlive a stop of AppHost, unless <c>Ephemeral=true</c>.
/// </summary>
internal static class ContainerStores
{
    private const string PostgresTag = "18.3";
    private const string RedisTag = "8.6";

    /// <summary>Adds the stores.</summary>
    public static AllStores Add(IDistributedApplicationBuilder builder, Home home)
    {
        var lifetime = home.IsEphemeral ? ContainerLifetime.Session : ContainerLifetime.Persistent;
        var table = builder.AddLocalStack("dynamodb").WithLifetime(lifetime).WithIconName("Database");
        var postgres = builder.AddPostgres("postgres").WithImageTag(PostgresTag).WithLifetime(lifetime).WithIconName("Database")
            // The warehouse reads tables by logical replication. An inactive slot keeps this much
            // WAL and no more.
            .WithArgs("-c", "wal_level=logical", "-c", "max_replication_slots=32", "-c", "max_wal_senders=32", "-c", "max_slot_wal_keep_size=1GB");
        if (!home.IsEphemeral)
        {
            postgres.WithDataVolume("orders-postgres");
        }

        var redis = builder.AddRedis("redis").WithImageTag(RedisTag).WithoutTls().WithLifetime(lifetime).WithIconName("Flash");
        builder.Services.AddHostedService(services => ActivatorUtilities.CreateInstance<ContainerWatch>(services, () => ContainerRuntime.FindFault(builder.Configuration)));
        return new(table, postgres.AddDatabase("orders"), redis, home);
    }
}
