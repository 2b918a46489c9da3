namespace Orders.AppHost;

internal static class PlainHttp
{
    /// <summary>
    /// Turns TLS off, whether or not this machine has a trusted development certificate. All traffic stays
    /// on loopback, the settings of the services must not depend on a certificate, and the dashboard would
    /// ask for one wherever a resource could use it.
    /// </summary>
    public static IResourceBuilder<T> WithoutTls<T>(this IResourceBuilder<T> resource)
        where T : IResourceWithEnvironment, IResourceWithArgs
    {
#pragma warning disable ASPIRECERTIFICATES001 // May change in a later Aspire; its version is pinned.
        return resource.WithoutHttpsCertificate();
#pragma warning restore ASPIRECERTIFICATES001
    }
}
