using ARSoft.Tools.Net.Dns;

using k8s.Models;

using MiniKube.Api.Meta;
using MiniKube.Client;

namespace MiniKube.Dns.Tests;

/// <summary>Names as Kubernetes' DNS-Based Service Discovery 1.1.0 gives them, asked for over real sockets. Port 53 of the loopback needs root.</summary>
[Trait("Needs", "Machine")]
public sealed class NameTests : IAsyncLifetime
{
    private TestNames _names = null!;

    public async ValueTask InitializeAsync() => _names = await TestNames.StartAsync();

    public ValueTask DisposeAsync() => _names.DisposeAsync();

    [Fact]
    public async Task ClusterService_HasItsAddressItsPortsAndItsName()
    {
        await _names.CreateAsync(Service("web", new V1ServiceSpec { ClusterIP = "10.96.0.77", Ports = [Port("http", 80), Port("dns", 53, "UDP")] }));

        await _names.ExpectAsync("web.default.svc.cluster.local", RecordType.A, "10.96.0.77");
        await _names.ExpectAsync("WEB.Default.svc.CLUSTER.local", RecordType.A, "10.96.0.77");
        await _names.ExpectAsync("_http._tcp.web.default.svc.cluster.local", RecordType.Srv, "0 100 80 web.default.svc.cluster.local.");
        await _names.ExpectAsync("_dns._udp.web.default.svc.cluster.local", RecordType.Srv, "0 100 53 web.default.svc.cluster.local.");
        await _names.ExpectAsync("77.0.96.10.in-addr.arpa", RecordType.Ptr, "web.default.svc.cluster.local.");

        var none = await _names.ExpectAsync("web.default.svc.cluster.local", RecordType.Aaaa, ReturnCode.NoError);
        Assert.IsType<SoaRecord>(Assert.Single(none.AuthorityRecords));
        await _names.ExpectAsync("_http._udp.web.default.svc.cluster.local", RecordType.Srv, ReturnCode.NxDomain);
        await _names.ExpectAsync("other.default.svc.cluster.local", RecordType.A, ReturnCode.NxDomain);
    }

    [Fact]
    public async Task HeadlessService_NamesItsReadyEndpoints()
    {
        await _names.CreateAsync(Service("db", new V1ServiceSpec { ClusterIP = "None", Ports = [Port("sql", 5432)] }));
        await _names.CreateAsync(Slice("db", "sql", 5432, Endpoint("10.244.0.5", "db-0"), Endpoint("10.244.0.6", null), Endpoint("10.244.0.7", "db-2", ready: false)));

        await _names.ExpectAsync("db.default.svc.cluster.local", RecordType.A, "10.244.0.5", "10.244.0.6");
        await _names.ExpectAsync("db-0.db.default.svc.cluster.local", RecordType.A, "10.244.0.5");
        await _names.ExpectAsync("10-244-0-6.db.default.svc.cluster.local", RecordType.A, "10.244.0.6");
        await _names.ExpectAsync("db-2.db.default.svc.cluster.local", RecordType.A, ReturnCode.NxDomain);
        await _names.ExpectAsync("5.0.244.10.in-addr.arpa", RecordType.Ptr, "db-0.db.default.svc.cluster.local.");
        var srv = await _names.ExpectAsync(
            "_sql._tcp.db.default.svc.cluster.local",
            RecordType.Srv,
            "0 50 5432 db-0.db.default.svc.cluster.local.",
            "0 50 5432 10-244-0-6.db.default.svc.cluster.local.");
        Assert.Equal(["10.244.0.5", "10.244.0.6"], srv.AdditionalRecords.OfType<ARecord>().Select(record => record.Address.ToString()).Order());
    }

    [Fact]
    public async Task HeadlessService_WhoseEndpointGoes_LosesTheName()
    {
        await _names.CreateAsync(Service("db", new V1ServiceSpec { ClusterIP = "None", Ports = [Port("sql", 5432)] }));
        var slice = await _names.CreateAsync(Slice("db", "sql", 5432, Endpoint("10.244.0.5", "db-0"), Endpoint("10.244.0.6", "db-1")));
        await _names.ExpectAsync("db-1.db.default.svc.cluster.local", RecordType.A, "10.244.0.6");

        await _names.Client.UpdateAsync(slice with { Endpoints = [Endpoint("10.244.0.5", "db-0")] }, TestContext.Current.CancellationToken);

        await _names.ExpectAsync("db.default.svc.cluster.local", RecordType.A, "10.244.0.5");
        await _names.ExpectAsync("db-1.db.default.svc.cluster.local", RecordType.A, ReturnCode.NxDomain);
        // An address without a name is asked for outside, and there is no outside.
        await _names.ExpectAsync("6.0.244.10.in-addr.arpa", RecordType.Ptr, ReturnCode.ServerFailure);
    }

    [Fact]
    public async Task ExternalName_IsAnAliasThatIsFollowed()
    {
        await _names.CreateAsync(Service("web", new V1ServiceSpec { ClusterIP = "10.96.0.77", Ports = [Port("http", 80)] }));
        await _names.CreateAsync(Service("alias", new V1ServiceSpec { Type = "ExternalName", ExternalName = "web.default.svc.cluster.local" }));

        await _names.ExpectAsync("alias.default.svc.cluster.local", RecordType.A, "web.default.svc.cluster.local.", "10.96.0.77");
        await _names.ExpectAsync("alias.default.svc.cluster.local", RecordType.CName, "web.default.svc.cluster.local.");
    }

    [Fact]
    public async Task ExternalNames_InACircle_EndInAnAnswer()
    {
        await _names.CreateAsync(Service("a", new V1ServiceSpec { Type = "ExternalName", ExternalName = "b.default.svc.cluster.local" }));
        await _names.CreateAsync(Service("b", new V1ServiceSpec { Type = "ExternalName", ExternalName = "a.default.svc.cluster.local" }));

        await _names.ExpectAsync("b.default.svc.cluster.local", RecordType.CName, "a.default.svc.cluster.local.");
        Assert.NotNull(await _names.AskAsync("a.default.svc.cluster.local", RecordType.A));
    }

    [Fact]
    public async Task Zone_SaysWhatItIs()
    {
        await _names.ExpectAsync("dns-version.cluster.local", RecordType.Txt, "1.1.0");
        await _names.ExpectAsync("10-244-0-9.default.pod.cluster.local", RecordType.A, "10.244.0.9");
        await _names.ExpectAsync("10-244-0-9.nowhere.pod.cluster.local", RecordType.A, ReturnCode.NxDomain);
        await _names.ExpectAsync("default.svc.cluster.local", RecordType.A, ReturnCode.NoError);
        await _names.ExpectAsync("nowhere.svc.cluster.local", RecordType.A, ReturnCode.NxDomain);
        var soa = await _names.AskAsync("cluster.local", RecordType.Soa);
        Assert.Equal("ns.dns.cluster.local.", Assert.IsType<SoaRecord>(Assert.Single(soa!.AnswerRecords)).MasterName.ToString());
    }

    [Fact]
    public async Task ManyEndpoints_AreCutOverUdp_AndWholeOverTcp()
    {
        await _names.CreateAsync(Service("many", new V1ServiceSpec { ClusterIP = "None", Ports = [Port("http", 80)] }));
        await _names.CreateAsync(Slice("many", "http", 80, [.. Enumerable.Range(1, 90).Select(number => Endpoint($"10.244.1.{number}", null))]));
        await _names.ExpectAsync("10-244-1-90.many.default.svc.cluster.local", RecordType.A, "10.244.1.90");

        var whole = await _names.AskAsync("many.default.svc.cluster.local", RecordType.A, tcp: true);
        Assert.Equal(90, whole!.AnswerRecords.Count);
        Assert.False(whole.IsTruncated);
        Assert.True((await _names.AskPlainlyAsync("many.default.svc.cluster.local")).IsTruncated);
    }

    [Fact]
    public async Task OtherNames_AreAskedForOutside()
    {
        await using var outside = await TestNames.StartAsync();
        await outside.CreateAsync(Service("far", new V1ServiceSpec { ClusterIP = "10.96.0.99", Ports = [Port("http", 80)] }));
        await outside.ExpectAsync("far.default.svc.cluster.local", RecordType.A, "10.96.0.99");
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, $"search lan\nnameserver {outside.Address}\n", TestContext.Current.CancellationToken);
            await using var names = await TestNames.StartAsync(file);

            // The outside is a cluster too: its reverse names are ones that ours does not have.
            await names.ExpectAsync("99.0.96.10.in-addr.arpa", RecordType.Ptr, "far.default.svc.cluster.local.");
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task KubeDns_LeadsToTheMasters()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await _names.ExpectAsync("kube-dns.kube-system.svc.cluster.local", RecordType.A, "10.96.0.10");

        var slice = await TestSupport.Eventually.GetAsync(
            async token => (await _names.Client.ListAsync<V1EndpointSlice>(new ListQuery("kube-system"), token)).Items,
            slices => slices.Count == 1,
            TimeSpan.FromSeconds(60),
            cancellation);
        Assert.Equal("192.0.2.10", Assert.Single(Assert.Single(slice[0].Endpoints).Addresses));
        Assert.Equal(["dns UDP 53", "dns-tcp TCP 53"], slice[0].Ports.Select(port => $"{port.Name} {port.Protocol} {port.Port}"));

        // Who breaks it sees it mended.
        await _names.Client.UpdateAsync(slice[0] with { Endpoints = [] }, cancellation);
        await TestSupport.Eventually.GetAsync(
            token => _names.Client.GetAsync<V1EndpointSlice>(new NamespacedName("kube-system", "kube-dns"), token),
            mended => mended.Endpoints is { Count: 1 },
            TimeSpan.FromSeconds(60),
            cancellation);
    }

    private static V1Service Service(string name, V1ServiceSpec spec) => new() { Metadata = new V1ObjectMeta { Name = name, NamespaceProperty = "default" }, Spec = spec };

    private static V1ServicePort Port(string name, int port, string protocol = "TCP") => new() { Name = name, Port = port, Protocol = protocol };

    private static V1EndpointSlice Slice(string service, string port, int number, params V1Endpoint[] endpoints) => new()
    {
        Metadata = new V1ObjectMeta
        {
            Name = $"{service}-1",
            NamespaceProperty = "default",
            Labels = new Dictionary<string, string>(StringComparer.Ordinal) { ["kubernetes.io/service-name"] = service },
        },
        AddressType = "IPv4",
        Endpoints = endpoints,
        Ports = [new Discoveryv1EndpointPort { Name = port, Port = number, Protocol = "TCP" }],
    };

    private static V1Endpoint Endpoint(string address, string? hostname, bool ready = true) =>
        new() { Addresses = [address], Hostname = hostname, Conditions = new V1EndpointConditions { Ready = ready } };
}
