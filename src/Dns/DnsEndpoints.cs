using k8s.Models;

using MiniKube.Api.Meta;
using MiniKube.Client;
using MiniKube.Client.Controllers;
using MiniKube.Client.Informers;

namespace MiniKube.Dns;

/// <summary>
/// Leads the service <c>kube-dns</c> to the name servers. They run beside the API servers, whose addresses are kept by leases (the endpoints of the service <c>kubernetes</c>): so a name
/// server leaves the service when its master dies, without a lease of its own. Every name server writes the same; who comes second is told so, tries again, and finds it done.
/// </summary>
internal sealed class DnsEndpoints(ControllerRunner runner, IObjectClient client, ILister<V1EndpointSlice> slices, ILister<V1Service> services, DnsOptions options)
    : BackgroundService, IController
{
    private static readonly NamespacedName Masters = new("default", "kubernetes");
    private static readonly NamespacedName Service = new("kube-system", "kube-dns");

    public string Name => "dns-endpoints";

    public int Workers => 1;

    public void Configure(ControllerBuilder controller) => controller
        .Watches<V1Service>(change => (change.New ?? change.Old)?.Key() == Service ? [Service] : [])
        .Watches<V1EndpointSlice>(change => (change.New ?? change.Old)?.Key() is { } key && (key == Masters || key == Service) ? [Service] : []);

    public async Task<ReconcileResult> ReconcileAsync(NamespacedName key, CancellationToken cancellationToken)
    {
        if (services.TryGet(Service, out var service) && slices.TryGet(Masters, out var masters) && masters.Endpoints is { Count: > 0 })
        {
            var wanted = Slice(service, masters);
            if (!slices.TryGet(Service, out var present))
            {
                await client.CreateAsync(wanted, cancellationToken);
            }
            else if (!Addresses(present).SequenceEqual(Addresses(wanted)) || present.Ports is null || !Ports(present).SequenceEqual(Ports(wanted)))
            {
                await client.UpdateAsync(present with { Endpoints = wanted.Endpoints, Ports = wanted.Ports }, cancellationToken);
            }
        }

        return ReconcileResult.Done;
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => runner.RunAsync(this, stoppingToken);

    private V1EndpointSlice Slice(V1Service service, V1EndpointSlice masters) => new()
    {
        Metadata = new V1ObjectMeta
        {
            Name = Service.Name,
            NamespaceProperty = Service.Namespace,
            Labels = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["kubernetes.io/service-name"] = Service.Name,
                ["endpointslice.kubernetes.io/managed-by"] = "dns.minikube.internal",
            },
            OwnerReferences = [new V1OwnerReference { ApiVersion = "v1", Kind = "Service", Name = service.Name(), Uid = service.Uid() }],
        },
        AddressType = masters.AddressType,
        Endpoints =
        [
            .. from address in Addresses(masters)
               select new V1Endpoint { Addresses = [address], Conditions = new V1EndpointConditions { Ready = true, Serving = true, Terminating = false } },
        ],
        Ports = [.. (service.Spec?.Ports ?? []).Select(port => new Discoveryv1EndpointPort { Name = port.Name, Protocol = port.Protocol, Port = options.Listen.Port })],
    };

    private static IEnumerable<string> Addresses(V1EndpointSlice slice) =>
        (slice.Endpoints ?? []).Where(endpoint => endpoint.Conditions?.Ready != false).SelectMany(endpoint => endpoint.Addresses ?? []).Order(StringComparer.Ordinal);

    private static IEnumerable<(string Name, string Protocol, int? Port)> Ports(V1EndpointSlice slice) => slice.Ports.Select(port => (port.Name, port.Protocol, port.Port));
}
