namespace Orders.AppHost.Stores;

internal static class RedisTls
{
    /// <summary>
    /// Plain connections, whether or not this machine has a trusted development certificate: Redis is reached over the loopback only, and what a service
    /// is told must not depend on that.
    /// </summary>
    public static IResourceBuilder<RedisResource> WithoutTls(this IResourceBuilder<RedisResource> redis)
    {
#pragma warning disable ASPIRECERTIFICATES001 // May change in a later Aspire; its version is pinned.
        return redis.WithoutHttpsCertificate();
#pragma warning restore ASPIRECERTIFICATES001
    }
}
