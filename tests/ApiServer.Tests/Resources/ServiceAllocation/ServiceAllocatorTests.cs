using System.Text.Json.Nodes;

using Microsoft.Extensions.Logging.Abstractions;

using MiniKube.Api.Errors;
using MiniKube.ApiServer.Registry;
using MiniKube.ApiServer.Resources.ServiceAllocation;
using MiniKube.Storage;
using MiniKube.Storage.Embedded;

namespace MiniKube.ApiServer.Tests.Resources.ServiceAllocation;

/// <summary>Against the real embedded store: what is taken is taken by its transactions.</summary>
public sealed class ServiceAllocatorTests : IAsyncLifetime
{
    private EmbeddedStore _store = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _store = await EmbeddedStore.OpenAsync(
        new EmbeddedStoreOptions { Path = ":memory:" }, NullLogger<EmbeddedStore>.Instance, TimeProvider.System, Cancelled);

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Fact]
    public async Task Create_WithoutAddress_GetsOneOfTheRangeAndTheObjectThatTakesIt()
    {
        var service = await CreateAsync(Allocator(), "a", """{"type":"ClusterIP","selector":{"a":"b"},"ports":[{"port":80}]}""");

        var address = (string)service["spec"]!["clusterIP"]!;
        Assert.True(System.Net.IPNetwork.Parse("10.96.0.0/12").Contains(System.Net.IPAddress.Parse(address)));
        Assert.Equal($"[\"{address}\"]", service["spec"]!["clusterIPs"]!.ToJsonString());
        Assert.Equal("[\"IPv4\"]", service["spec"]!["ipFamilies"]!.ToJsonString());
        Assert.Equal("SingleStack", (string)service["spec"]!["ipFamilyPolicy"]!);
        var taken = JsonNode.Parse((await ReadAsync("/registry/ipaddresses/" + address))!.Value.Span)!;
        var parent = taken["spec"]!["parentRef"]!;
        Assert.Equal("services default/a", $"{parent["resource"]} {parent["namespace"]}/{parent["name"]}");
        Assert.Equal("ipallocator.k8s.io", (string)taken["metadata"]!["labels"]!["ipaddress.kubernetes.io/managed-by"]!);
    }

    [Fact]
    public async Task Create_Headless_TakesNothing()
    {
        var service = await CreateAsync(Allocator(), "a", """{"type":"ClusterIP","clusterIP":"None","selector":{"a":"b"}}""");

        Assert.Equal("""["None"]""", service["spec"]!["clusterIPs"]!.ToJsonString());
        Assert.Equal(0, await CountAsync("/registry/ipaddresses/"));
    }

    [Fact]
    public async Task Create_HeadlessWithoutSelector_IsOfBothFamilies()
    {
        var service = await CreateAsync(Allocator(), "a", """{"type":"ClusterIP","clusterIP":"None"}""");

        Assert.Equal("RequireDualStack", (string)service["spec"]!["ipFamilyPolicy"]!);
        Assert.Equal("""["IPv4","IPv6"]""", service["spec"]!["ipFamilies"]!.ToJsonString());
    }

    [Fact]
    public async Task Create_ChosenAddress_IsTakenOnce()
    {
        await CreateAsync(Allocator(), "a", """{"type":"ClusterIP","clusterIP":"10.96.0.10"}""");

        var error = await Assert.ThrowsAsync<StatusException>(
            () => CreateAsync(Allocator(), "b", """{"type":"ClusterIP","clusterIP":"10.96.0.10"}"""));

        Assert.Equal(
            "Service \"b\" is invalid: spec.clusterIPs: Invalid value: [\"10.96.0.10\"]: failed to allocate IP 10.96.0.10: provided IP is already allocated",
            error.Message);
    }

    /// <summary>The Service keeps what was written; the address is counted in its one form.</summary>
    [Fact]
    public async Task Create_ChosenAddressWithLeadingZeros_TakesTheDecimalOne()
    {
        var service = await CreateAsync(Allocator(), "a", """{"type":"ClusterIP","clusterIP":"10.96.0.010"}""");

        var error = await Assert.ThrowsAsync<StatusException>(() => CreateAsync(Allocator(), "b", """{"type":"ClusterIP","clusterIP":"10.96.0.10"}"""));

        Assert.Equal("10.96.0.010", (string)service["spec"]!["clusterIP"]!);
        Assert.EndsWith("failed to allocate IP 10.96.0.10: provided IP is already allocated", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Create_AddressOutsideTheRange_IsRefused()
    {
        var error = await Assert.ThrowsAsync<StatusException>(
            () => CreateAsync(Allocator(), "b", """{"type":"ClusterIP","clusterIP":"10.0.0.1"}"""));

        Assert.Equal(
            "Service \"b\" is invalid: spec.clusterIPs: Invalid value: [\"10.0.0.1\"]: failed to allocate IP 10.0.0.1: the provided network does not match the current range",
            error.Message);
    }

    [Fact]
    public async Task Create_UntilTheRangeIsFull_GivesEachAddressOnce()
    {
        var allocator = Allocator("10.1.0.0/28");
        var addresses = new HashSet<string>();
        for (var i = 0; i < 14; i++)
        {
            addresses.Add((string)(await CreateAsync(allocator, $"s{i}", """{"type":"ClusterIP"}"""))["spec"]!["clusterIP"]!);
        }

        Assert.Equal(14, addresses.Count);
        var error = await Assert.ThrowsAsync<StatusException>(() => CreateAsync(allocator, "more", """{"type":"ClusterIP"}"""));
        Assert.Equal("Internal error occurred: failed to allocate a serviceIP: range is full", error.Message);
    }

    [Fact]
    public async Task Create_TwoServersAtOnce_NeverGiveTheSameTwice()
    {
        // Both choose alike.
        var (one, other) = (Allocator("10.1.0.0/24", seed: 1), Allocator("10.1.0.0/24", seed: 1));
        var services = await Task.WhenAll(Enumerable.Range(0, 60).Select(i =>
            CreateAsync(i % 2 == 0 ? one : other, $"s{i}", """{"type":"NodePort","ports":[{"port":80,"protocol":"TCP"}]}""")));

        Assert.Equal(60, services.Select(service => (string)service["spec"]!["clusterIP"]!).Distinct().Count());
        Assert.Equal(60, services.Select(service => (long)service["spec"]!["ports"]![0]!["nodePort"]!).Distinct().Count());
    }

    [Fact]
    public async Task Create_NodePorts_OneNumberForTwoProtocolsOfAPort()
    {
        var service = await CreateAsync(
            Allocator(), "a", """{"type":"NodePort","ports":[{"port":53,"protocol":"TCP"},{"port":53,"protocol":"UDP"},{"port":80,"protocol":"TCP"}]}""");

        var ports = service["spec"]!["ports"]!.AsArray().Select(port => (int)(long)port!["nodePort"]!).ToList();
        Assert.All(ports, port => Assert.InRange(port, 30000, 32767));
        Assert.Equal(ports[0], ports[1]);
        Assert.NotEqual(ports[0], ports[2]);
        Assert.Equal(2, await CountAsync("/registry/ranges/servicenodeports/"));
    }

    [Theory]
    [InlineData(80, "provided port is not in the valid range. The range of valid ports is 30000-32767")]
    [InlineData(30080, "provided port is already allocated")]
    public async Task Create_NodePortThatCannotBeHad_IsRefused(int port, string why)
    {
        await CreateAsync(Allocator(), "a", """{"type":"NodePort","ports":[{"port":80,"nodePort":30080}]}""");

        var error = await Assert.ThrowsAsync<StatusException>(
            () => CreateAsync(Allocator(), "b", "{\"type\":\"NodePort\",\"ports\":[{\"port\":80,\"nodePort\":" + port + "}]}"));

        Assert.Equal($"Service \"b\" is invalid: spec.ports[0].nodePort: Invalid value: {port}: {why}", error.Message);
    }

    [Fact]
    public async Task Create_LoadBalancerWithLocalPolicy_GetsAHealthCheckPort()
    {
        var service = await CreateAsync(Allocator(), "a", """{"type":"LoadBalancer","externalTrafficPolicy":"Local","ports":[{"port":80}]}""");

        Assert.InRange((long)service["spec"]!["healthCheckNodePort"]!, 30000, 32767);
        Assert.Equal(2, await CountAsync("/registry/ranges/servicenodeports/"));
    }

    [Fact]
    public async Task Delete_Service_GivesEverythingBack()
    {
        var allocator = Allocator();
        var service = await CreateAsync(allocator, "a", """{"type":"NodePort","ports":[{"port":80}]}""");

        await WriteAsync(allocator, null, service);

        Assert.Equal(0, await CountAsync("/registry/"));
    }

    [Fact]
    public async Task Update_ToExternalName_GivesEverythingBack()
    {
        var allocator = Allocator();
        var old = await CreateAsync(allocator, "a", """{"type":"NodePort","ports":[{"port":80}]}""");

        await WriteAsync(allocator, Service("a", """{"type":"ExternalName","externalName":"x"}"""), old);

        Assert.Equal(0, await CountAsync("/registry/"));
    }

    [Fact]
    public async Task Update_Unchanged_WritesNothing()
    {
        var allocator = Allocator();
        var old = await CreateAsync(allocator, "a", """{"type":"NodePort","ports":[{"port":80}]}""");

        var parts = await allocator.ParticipateAsync(new WriteAttempt((JsonObject)old.DeepClone(), old, "", 0, _store), Cancelled);

        Assert.Same(WriteParts.None, parts);
    }

    [Fact]
    public async Task Create_DualStack_GetsAnAddressOfEachFamily()
    {
        var service = await CreateAsync(Allocator("10.1.0.0/24,fd00:1::/112"), "a", """{"type":"ClusterIP","ipFamilyPolicy":"PreferDualStack"}""");

        var addresses = service["spec"]!["clusterIPs"]!.AsArray().Select(address => (string)address!).ToList();
        Assert.StartsWith("10.1.0.", addresses[0], StringComparison.Ordinal);
        Assert.StartsWith("fd00:1::", addresses[1], StringComparison.Ordinal);
    }

    private static ServiceAllocator Allocator(string range = "10.96.0.0/12", int? seed = null) =>
        ServiceAllocator.Create(ServiceRanges.Parse(range), "30000-32767", seed is { } number ? new Random(number) : new Random(), TimeProvider.System);

    private static JsonObject Service(string name, string spec) => new()
    {
        ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = "default" },
        ["spec"] = JsonNode.Parse(spec),
    };

    private Task<JsonObject> CreateAsync(ServiceAllocator allocator, string name, string spec) => WriteAsync(allocator, Service(name, spec), null);

    /// <summary>As the store does: a new attempt from the same object until the transaction holds.</summary>
    private async Task<JsonObject> WriteAsync(ServiceAllocator allocator, JsonObject? wanted, JsonObject? old)
    {
        for (var attempt = 0; ; attempt++)
        {
            var obj = (JsonObject?)wanted?.DeepClone();
            var parts = await allocator.ParticipateAsync(new WriteAttempt(obj, old, "", attempt, _store), Cancelled);
            if ((await _store.CommitAsync(new Transaction(parts.Compares, parts.Operations), Cancelled)).Succeeded)
            {
                return obj ?? [];
            }
        }
    }

    private async Task<ReadOnlyMemory<byte>?> ReadAsync(string key) =>
        (await _store.RangeAsync(new RangeQuery(KeyRange.Single(key)), Cancelled)).Items.SingleOrDefault()?.Value;

    private async Task<long> CountAsync(string prefix) =>
        (await _store.RangeAsync(new RangeQuery(KeyRange.Prefix(prefix), CountOnly: true), Cancelled)).Count;
}
