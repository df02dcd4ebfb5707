using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;

using MiniKube.Kubelet.Tests.TestDoubles;
using MiniKube.TestSupport;

namespace MiniKube.Kubelet.Tests.Server;

/// <summary>The kubelet's ports, asked over loopback as the API server does.</summary>
public sealed class KubeletServerTests : IAsyncLifetime
{
    private readonly TestCertificates _certificates = new();
    private RunningKubelet _kubelet = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _kubelet = await RunningKubelet.StartAsync(directory =>
    {
        var (certificate, key) = _certificates.Serving();
        return
        [
            "--tls-cert-file", Write(directory, "kubelet.crt", certificate),
            "--tls-private-key-file", Write(directory, "kubelet.key", key),
            "--client-ca-file", Write(directory, "ca.crt", _certificates.Authority.ExportCertificatePem()),
        ];
    });

    public async ValueTask DisposeAsync()
    {
        await _kubelet.DisposeAsync();
        _certificates.Dispose();
    }

    [Fact]
    public async Task Pods_WithACertificateOfTheClientAuthority_AreListed()
    {
        await _kubelet.RunAsync("web");
        using var client = CreateClient(_certificates);

        var list = JsonNode.Parse(await client.GetStringAsync("/pods", Token));

        Assert.Equal("PodList", (string?)list?["kind"]);
        var pod = Assert.Single(list?["items"]?.AsArray() ?? []);
        Assert.Equal("web", (string?)pod?["metadata"]?["name"]);
        Assert.Equal("Running", (string?)pod?["status"]?["phase"]);
    }

    [Theory]
    [InlineData("/pods")]
    [InlineData("/containerLogs/default/web/app")]
    [InlineData("/metrics")]
    public async Task Anything_WithoutACertificateOrWithAForeignOne_IsUnauthorized(string path)
    {
        await _kubelet.RunAsync("web");
        using var stranger = new TestCertificates();
        using var foreign = CreateClient(stranger);
        using var anonymous = CreateClient(null);

        Assert.Equal((HttpStatusCode.Unauthorized, "Unauthorized"), await AskAsync(anonymous, path));
        Assert.Equal((HttpStatusCode.Unauthorized, "Unauthorized"), await AskAsync(foreign, path));
    }

    [Fact]
    public async Task ContainerLogs_AreServedOfContainersThatThereAre()
    {
        await _kubelet.RunAsync("web");
        using var client = CreateClient(_certificates);

        Assert.Equal((HttpStatusCode.OK, ""), await AskAsync(client, "/containerLogs/default/web/app"));
        Assert.Equal((HttpStatusCode.NotFound, "container \"other\" not found in pod \"web\""), await AskAsync(client, "/containerLogs/default/web/other"));
        Assert.Equal((HttpStatusCode.NotFound, "pod \"gone\" not found in namespace \"default\""), await AskAsync(client, "/containerLogs/default/gone/app"));
        Assert.Equal(
            (HttpStatusCode.BadRequest, "previous terminated container \"app\" in pod \"web\" not found"),
            await AskAsync(client, "/containerLogs/default/web/app?previous=true"));
    }

    [Fact]
    public async Task MetricsResource_NamesNodePodsAndContainers()
    {
        await _kubelet.RunAsync("web");
        using var client = CreateClient(_certificates);

        using var response = await client.GetAsync("/metrics/resource", Token);
        var text = await response.Content.ReadAsStringAsync(Token);

        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", response.Content.Headers.ContentType?.ToString());
        Assert.Matches(@"(?m)^# TYPE node_cpu_usage_seconds_total counter\nnode_cpu_usage_seconds_total \d+(\.\d+)? \d{13}$", text);
        Assert.Matches(@"(?m)^# TYPE node_memory_working_set_bytes gauge\nnode_memory_working_set_bytes [1-9]\d+ \d{13}$", text);
        Assert.Matches("""(?m)^container_cpu_usage_seconds_total\{container="app",namespace="default",pod="web"\} 0 \d{13}$""", text);
        Assert.Matches("""(?m)^pod_memory_working_set_bytes\{namespace="default",pod="web"\} 0 \d{13}$""", text);
        Assert.Contains("\nresource_scrape_error 0\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StatsSummary_HasUpstreamsShape()
    {
        await _kubelet.RunAsync("web");
        using var client = CreateClient(_certificates);

        var summary = JsonNode.Parse(await client.GetStringAsync("/stats/summary", Token))!;
        var brief = JsonNode.Parse(await client.GetStringAsync("/stats/summary?only_cpu_and_memory=true", Token))!;

        Assert.Equal(RunningKubelet.NodeName, (string?)summary["node"]!["nodeName"]);
        Assert.True((long)summary["node"]!["memory"]!["availableBytes"]! > 0);
        Assert.True((long)summary["node"]!["fs"]!["capacityBytes"]! > 0);
        var pod = Assert.Single(summary["pods"]!.AsArray())!;
        Assert.Equal("web", (string?)pod["podRef"]!["name"]);
        Assert.Equal("app", (string?)pod["containers"]![0]!["name"]);
        Assert.Equal(["nodeName", "startTime", "cpu", "memory"], brief["node"]!.AsObject().Select(field => field.Key));
    }

    [Fact]
    public async Task HealthzPort_ServesHealthToEveryoneAndNothingElse()
    {
        await _kubelet.RunAsync("web");
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{_kubelet.HealthzPort}") };

        Assert.Equal((HttpStatusCode.OK, "ok"), await AskAsync(client, "/healthz"));
        Assert.Equal(HttpStatusCode.NotFound, (await AskAsync(client, "/pods")).Status);
    }

    private static async Task<(HttpStatusCode Status, string Body)> AskAsync(HttpClient client, string path)
    {
        using var response = await client.GetAsync(path, Token);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(Token));
    }

    private static string Write(string directory, string name, string text)
    {
        var path = Path.Combine(directory, name);
        File.WriteAllText(path, text);
        return path;
    }

    private HttpClient CreateClient(TestCertificates? certificates)
    {
        var handler = new SocketsHttpHandler();
        handler.SslOptions.RemoteCertificateValidationCallback = (_, presented, _, _) => presented?.Issuer == _certificates.Authority.Subject;
        if (certificates is not null)
        {
            var (certificate, key) = certificates.Client("kube-apiserver-kubelet-client");
            handler.SslOptions.ClientCertificates = [X509Certificate2.CreateFromPem(certificate, key)];
        }

        return new HttpClient(handler) { BaseAddress = new Uri($"https://127.0.0.1:{_kubelet.Port}") };
    }
}
