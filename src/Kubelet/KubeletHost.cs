using System.Globalization;

using MiniKube.Client;
using MiniKube.Hosting;
using MiniKube.Kubelet.Certificates;
using MiniKube.Kubelet.Node;
using MiniKube.Kubelet.Runtime.Hollow;
using MiniKube.Kubelet.Server;
using MiniKube.Kubelet.Sources;

namespace MiniKube.Kubelet;

/// <summary>Puts the process together and runs it.</summary>
internal static class KubeletHost
{
    public static async Task RunAsync(KubeletOptions options, CancellationToken cancellationToken)
    {
        var certificates = new KubeletCertificates(options);
        var builder = ComponentHost.CreateBuilder("kubelet", new LoggingOptions { Verbosity = options.Verbosity });
        var services = builder.Services;
        services.AddKubernetesClient(new KubernetesClientOptions { Kubeconfig = options.Kubeconfig, Component = "kubelet", ClientCertificate = certificates.Client });
        certificates.AddTo(services);
        services.AddEventRecorder("kubelet", options.Node.NodeName);
        services.AddSingleton<NodeAgentFactory>();
        services.AddSingleton<PodDispatcher>();
        services.AddSingleton<IReadOnlyList<NodeAgent>>(provider => CreateAgents(options, provider.GetRequiredService<NodeAgentFactory>()));
        services.AddHostedService<NodeService>();
        builder.AddKubeletServer(options, certificates.Server);
        var app = builder.Build();

        // Before anything asks for a client: it reads the kubeconfig.
        await certificates.JoinAsync(app.Services, cancellationToken);
        app.MapKubeletServer(options);
        await ComponentHost.RunAsync(app, cancellationToken);
    }

    private static NodeAgent[] CreateAgents(KubeletOptions options, NodeAgentFactory factory)
    {
        var facts = MachineFacts.Read(options.Node.RootDirectory);
        return options.Runtime switch
        {
            "hollow" => [.. Enumerable.Range(0, options.HollowNodes).Select(i => CreateHollow(options, i, facts, factory))],
            "docker" => [factory.CreateDocker(options.Node, facts, new Uri(options.DockerEndpoint))],
            var other => throw new ArgumentException($"invalid --runtime \"{other}\": it is docker or hollow"),
        };
    }

    // A hollow node gives its pods addresses of 10.128.0.0/9, a /24 a node, which no real network of a cluster here uses.
    private static NodeAgent CreateHollow(KubeletOptions options, int index, NodeFacts facts, NodeAgentFactory factory)
    {
        var name = options.HollowNodes == 1 ? options.Node.NodeName : string.Create(CultureInfo.InvariantCulture, $"{options.Node.NodeName}-{index}");
        var subnet = string.Create(CultureInfo.InvariantCulture, $"10.{128 + (index / 256)}.{index % 256}");
        return factory.CreateHollow(options.Node with { NodeName = name }, facts, new HollowRuntime(subnet, TimeProvider.System));
    }
}
