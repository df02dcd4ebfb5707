using System.Collections.Concurrent;

using k8s.Models;

using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;

using MiniKube.Client;
using MiniKube.Client.Informers;
using MiniKube.Hosting.Commands;
using MiniKube.Proxy.Applying;
using MiniKube.Proxy.Rules;
using MiniKube.TestSupport;

namespace MiniKube.Proxy.Tests;

/// <summary>From a real API server to the text that would be given to iptables.</summary>
public sealed class ProxySyncerTests : IAsyncLifetime
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    private readonly Recorder _recorder = new();
    private TestApiServer? _server;
    private ServiceProvider? _services;
    private ProxySyncer? _syncer;

    private IObjectClient Client => _services!.GetRequiredService<IObjectClient>();

    public async ValueTask InitializeAsync()
    {
        _server = await TestApiServer.StartAsync();
        _services = new ServiceCollection().AddLogging().AddKubernetesClient(_server.Kubeconfig, "kube-proxy").BuildServiceProvider();
        var options = new ProxyOptions { NodeName = "node1", MinSyncPeriod = TimeSpan.FromMilliseconds(50) };
        var family = new FamilyProxy(
            IPFamily.IPv4,
            options,
            new IptablesApplier(IPFamily.IPv4, _recorder, NullLogger<IptablesApplier>.Instance),
            new ConntrackCleaner(_recorder, NullLogger<ConntrackCleaner>.Instance));
        _syncer = new ProxySyncer(
            _services.GetRequiredService<IInformerFactory>(),
            [family],
            options,
            new ProxyHealth(options, TimeProvider.System),
            TimeProvider.System,
            NullLogger<ProxySyncer>.Instance);
    }

    public async ValueTask DisposeAsync()
    {
        await _syncer!.StopAsync(CancellationToken.None);
        foreach (var informers in _services!.GetServices<IHostedService>())
        {
            await informers.StopAsync(CancellationToken.None);
        }

        _syncer.Dispose();
        await _services!.DisposeAsync();
        await _server!.DisposeAsync();
    }

    [Fact]
    public async Task Sync_ServiceThenEndpoints_FollowsEachChange()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await CreateServiceAsync();
        await StartAsync();
        await InputAsync(text => text.Contains("default/web has no endpoints", StringComparison.Ordinal));

        var slice = await Client.CreateAsync(Slice("10.244.0.2"), cancellation);
        await InputAsync(text => text.Contains("-j DNAT --to-destination 10.244.0.2:8080", StringComparison.Ordinal));

        await Client.UpdateAsync(slice with { Endpoints = Slice("10.244.0.3").Endpoints }, cancellation);
        await InputAsync(text => text.Contains("10.244.0.3:8080", StringComparison.Ordinal) && text.Contains("-X KUBE-SEP-", StringComparison.Ordinal));

        await Client.DeleteAsync<V1Service>(new("default", "web"), null, cancellation);
        await InputAsync(text => text.Contains("-X KUBE-SVC-", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Start_FirstWrite_KnowsServicesAndEndpointsBoth()
    {
        await CreateServiceAsync();
        await Client.CreateAsync(Slice("10.244.0.2"), TestContext.Current.CancellationToken);

        await StartAsync();

        var first = await Eventually.GetAsync(
            _ => Task.FromResult(_recorder.Inputs.FirstOrDefault() ?? ""), text => text.Length > 0, Soon, TestContext.Current.CancellationToken);
        Assert.Contains("-j DNAT --to-destination 10.244.0.2:8080", first, StringComparison.Ordinal);
        Assert.DoesNotContain("default/web has no endpoints", first, StringComparison.Ordinal);
    }

    private static V1EndpointSlice Slice(string address) => new()
    {
        ApiVersion = "discovery.k8s.io/v1",
        Kind = "EndpointSlice",
        Metadata = new V1ObjectMeta
        {
            Name = "web-1",
            NamespaceProperty = "default",
            Labels = new Dictionary<string, string> { ["kubernetes.io/service-name"] = "web" },
        },
        AddressType = "IPv4",
        Ports = [new Discoveryv1EndpointPort { Name = "", Port = 8080, Protocol = "TCP" }],
        Endpoints = [new V1Endpoint { Addresses = [address], Conditions = new V1EndpointConditions { Ready = true } }],
    };

    private Task<V1Service> CreateServiceAsync() => Client.CreateAsync(
        new V1Service
        {
            ApiVersion = "v1",
            Kind = "Service",
            Metadata = new V1ObjectMeta { Name = "web", NamespaceProperty = "default" },
            Spec = new V1ServiceSpec
            {
                ClusterIP = "10.96.0.10",
                Selector = new Dictionary<string, string> { ["app"] = "web" },
                Ports = [new V1ServicePort { Port = 80, Protocol = "TCP" }],
            },
        },
        TestContext.Current.CancellationToken);

    private async Task StartAsync()
    {
        await _syncer!.StartAsync(TestContext.Current.CancellationToken);
        foreach (var informers in _services!.GetServices<IHostedService>())
        {
            await informers.StartAsync(TestContext.Current.CancellationToken);
        }
    }

    private Task<string> InputAsync(Func<string, bool> satisfies) => Eventually.GetAsync(
        _ => Task.FromResult(_recorder.Inputs.LastOrDefault() ?? ""), satisfies, Soon, TestContext.Current.CancellationToken);

    private sealed class Recorder : ICommandRunner
    {
        public ConcurrentQueue<string> Inputs { get; } = [];

        public Task<CommandOutcome> RunAsync(string command, IReadOnlyList<string> arguments, string input, CancellationToken cancellationToken)
        {
            if (command == "iptables-restore")
            {
                Inputs.Enqueue(input);
            }

            return Task.FromResult(new CommandOutcome(command, 0, "", ""));
        }
    }
}
