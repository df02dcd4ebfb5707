using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;

using k8s;
using k8s.Models;

using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

using MiniKube.Hosting;
using MiniKube.Kubelet.Node;
using MiniKube.Kubelet.Runtime.Hollow;
using MiniKube.Kubelet.Server;
using MiniKube.Kubelet.Tests.TestDoubles;
using MiniKube.TestSupport;

namespace MiniKube.Kubelet.Tests.Streaming;

/// <summary>A real API server, the kubelet's real server and, instead of containers, commands in memory; the pod <c>web</c> with the container <c>app</c> runs.</summary>
public sealed class StreamingNode : IAsyncLifetime
{
    private readonly TestCertificates _certificates = new();
    private readonly DirectoryInfo _files = Directory.CreateTempSubdirectory("minikube-streaming-");
    private HollowNode? _node;
    private WebApplication? _kubelet;

    public TestApiServer Server { get; private set; } = null!;

    public int KubeletPort { get; private set; }

    internal FakeStreaming Streaming { get; } = new();

    public async ValueTask InitializeAsync()
    {
        var (serving, servingKey) = _certificates.Serving();
        var (client, clientKey) = _certificates.Client("kube-apiserver-kubelet-client");
        var authority = Write("ca.crt", _certificates.Authority.ExportCertificatePem());
        _node = HollowNode.Start(runtime: new HollowRuntime("10.128.0", TimeProvider.System) { Streaming = Streaming });
        await StartKubeletAsync(new KubeletOptions
        {
            Node = new NodeAgentOptions { NodeName = TestPods.NodeName, NodeIp = "127.0.0.1", Port = 0 },
            Address = IPAddress.Loopback,
            HealthzPort = 0,
            TlsCertFile = Write("kubelet.crt", serving),
            TlsPrivateKeyFile = Write("kubelet.key", servingKey),
            ClientCaFile = authority,
        });
        Server = await TestApiServer.StartAsync(options => options with
        {
            KubeletCertificateAuthority = authority,
            KubeletClientCertificate = Write("client.crt", client),
            KubeletClientKey = Write("client.key", clientKey),
        });
        await AddNodeAsync(TestPods.NodeName, KubeletPort);
        await AddPodAsync("web", "containers: [{name: app, image: 'busybox:1'}]", TestPods.NodeName);
        var pod = TestPods.Pod("containers: [{name: app, image: 'busybox:1'}]");
        _node.Ready();
        _node.Add(pod);
        await _node.WaitAsync("web", found => found.Status?.Phase == "Running");
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await _kubelet!.DisposeAsync();
        await _node!.DisposeAsync();
        _certificates.Dispose();
        _files.Delete(recursive: true);
    }

    /// <summary>A certificate that the API server takes for a kubelet's.</summary>
    public X509Certificate2 CreateServingCertificate()
    {
        var (certificate, key) = _certificates.Serving();
        using var pem = X509Certificate2.CreateFromPem(certificate, key);
        return X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null);
    }

    /// <summary>A node whose kubelet is said to listen on that port of loopback.</summary>
    public async Task AddNodeAsync(string name, int port)
    {
        await PostAsync("/api/v1/nodes", new JsonObject { ["metadata"] = new JsonObject { ["name"] = name } });
        var status = new JsonObject
        {
            ["addresses"] = new JsonArray(new JsonObject { ["type"] = "InternalIP", ["address"] = "127.0.0.1" }),
            ["daemonEndpoints"] = new JsonObject { ["kubeletEndpoint"] = new JsonObject { ["Port"] = port } },
        };
        using var patch = new StringContent(new JsonObject { ["status"] = status }.ToJsonString(), Encoding.UTF8, "application/merge-patch+json");
        using var answer = await Server.Client.PatchAsync($"/api/v1/nodes/{name}/status", patch, TestContext.Current.CancellationToken);
        answer.EnsureSuccessStatusCode();
    }

    public Task AddPodAsync(string name, string spec, string node)
    {
        var json = JsonNode.Parse(KubernetesJson.Serialize(KubernetesYaml.Deserialize<V1PodSpec>(spec)))!;
        if (node.Length > 0)
        {
            json["nodeName"] = node;
        }

        return PostAsync("/api/v1/namespaces/default/pods", new JsonObject { ["metadata"] = new JsonObject { ["name"] = name }, ["spec"] = json });
    }

    private async Task PostAsync(string path, JsonObject body)
    {
        using var answer = await Server.Client.PostAsJsonAsync(path, body, TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    private async Task StartKubeletAsync(KubeletOptions options)
    {
        var builder = ComponentHost.CreateBuilder("kubelet", new LoggingOptions());
        builder.Services.AddSingleton<IReadOnlyList<NodeAgent>>([_node!.Agent]);
        builder.AddKubeletServer(options, null);
        _kubelet = builder.Build();
        _kubelet.MapKubeletServer(options);
        await _kubelet.StartAsync(TestContext.Current.CancellationToken);
        var address = _kubelet.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        KubeletPort = int.Parse(address[(address.LastIndexOf(':') + 1)..], CultureInfo.InvariantCulture);
    }

    private string Write(string name, string text)
    {
        var path = Path.Combine(_files.FullName, name);
        File.WriteAllText(path, text);
        return path;
    }
}
