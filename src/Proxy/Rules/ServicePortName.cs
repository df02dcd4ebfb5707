using MiniKube.Api.Meta;

namespace MiniKube.Proxy.Rules;

/// <summary>Names one port of a service. The port's name is empty when the service has only one.</summary>
internal readonly record struct ServicePortName(NamespacedName Service, string Port)
{
    public override string ToString() => Port.Length == 0 ? Service.ToString() : $"{Service}:{Port}";
}
