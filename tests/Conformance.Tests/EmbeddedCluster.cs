using System.Net;
using System.Net.Sockets;

namespace MiniKube.Conformance.Tests;

/// <summary>One host with the embedded store: a plain <c>mk up</c>, told of a registry that the tests may start.</summary>
[CollectionDefinition(Collection)]
public sealed class EmbeddedCluster : ClusterFixture, ICollectionFixture<EmbeddedCluster>
{
    public const string Collection = "embedded store";

    public EmbeddedCluster()
        : this(FreePort())
    {
    }

    private EmbeddedCluster(int registryPort)
        : base("conformance", "--insecure-registry", $"host.minikube.internal:{registryPort}") => RegistryPort = registryPort;

    /// <summary>A port of the machine's loopback from which the node pulls without TLS.</summary>
    public int RegistryPort { get; }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
