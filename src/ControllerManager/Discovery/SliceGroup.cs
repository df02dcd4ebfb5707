using k8s.Models;

namespace MiniKube.ControllerManager.Discovery;

/// <summary>Endpoints that share their ports, and so may share slices.</summary>
internal sealed record SliceGroup(string PortsKey, IReadOnlyList<Discoveryv1EndpointPort> Ports, IReadOnlyList<V1Endpoint> Endpoints);
