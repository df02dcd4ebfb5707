using System.Text;

using k8s.Models;

using MiniKube.Client.Informers;
using MiniKube.Kubelet.Volumes;

namespace MiniKube.Kubelet.Pods;

/// <summary>Resolves a container's environment: envFrom, then env in its order, then the services' variables that nobody set.</summary>
internal sealed class ContainerEnvironment(ReferencedObjects objects, DownwardApi downwardApi, IInformer<V1Service> services)
{
    public async Task<IReadOnlyList<(string Name, string Value)>> ResolveAsync(V1Pod pod, V1Container container, string podIp, CancellationToken cancellationToken)
    {
        var ofServices = await ServicesAsync(pod, cancellationToken);
        var result = new OrderedDictionary<string, string>();
        foreach (var source in container.EnvFrom ?? [])
        {
            await AddAllAsync(pod, source, result, cancellationToken);
        }

        // A variable may use those before it and those of services.
        var expansion = new VariableExpansion(ofServices);
        foreach (var (name, value) in result)
        {
            expansion.Set(name, value);
        }

        foreach (var variable in container.Env ?? [])
        {
            var value = variable.ValueFrom is { } from
                ? await ValueAsync(pod, container, from, podIp, cancellationToken)
                : expansion.Expand(variable.Value ?? "");
            if (value is not null)
            {
                result[variable.Name] = value;
                expansion.Set(variable.Name, value);
            }
        }

        foreach (var (name, value) in ofServices)
        {
            result.TryAdd(name, value);
        }

        return [.. result.Select(entry => (entry.Key, entry.Value))];
    }

    private static ContainerStartException Failure(string message) => new("CreateContainerConfigError", message, TimeSpan.FromSeconds(10));

    private async Task<IReadOnlyList<(string Name, string Value)>> ServicesAsync(V1Pod pod, CancellationToken cancellationToken)
    {
        // A pod from a file must start even when there is no API server; it may be the API server.
        if (!pod.IsStatic())
        {
            await services.WaitForSyncAsync(cancellationToken);
        }

        return ServiceVariables.Of(pod, services.List());
    }

    private async Task AddAllAsync(V1Pod pod, V1EnvFromSource source, OrderedDictionary<string, string> result, CancellationToken cancellationToken)
    {
        IEnumerable<(string Key, string Value)> data;
        if (source.ConfigMapRef is { } map)
        {
            data = (await ConfigMapAsync(pod, map.Name, map.Optional, cancellationToken))?.Data?.Select(entry => (entry.Key, entry.Value)) ?? [];
        }
        else if (source.SecretRef is { } secret)
        {
            data = (await SecretAsync(pod, secret.Name, secret.Optional, cancellationToken))?.Data?.Select(entry => (entry.Key, Encoding.UTF8.GetString(entry.Value ?? []))) ?? [];
        }
        else
        {
            return;
        }

        foreach (var (key, value) in data.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            result[source.Prefix + key] = value;
        }
    }

    private async Task<string?> ValueAsync(V1Pod pod, V1Container container, V1EnvVarSource from, string podIp, CancellationToken cancellationToken)
    {
        if (from.FieldRef is { } field)
        {
            return downwardApi.Field(pod, field.FieldPath ?? "", podIp) ?? throw Failure($"unsupported fieldPath: {field.FieldPath}");
        }

        if (from.ResourceFieldRef is { } resource)
        {
            return downwardApi.Resource(pod, container, resource) ?? throw Failure($"unsupported container resource : {resource.Resource}");
        }

        if (from.ConfigMapKeyRef is { } map)
        {
            var found = await ConfigMapAsync(pod, map.Name, map.Optional, cancellationToken);
            string? value = null;
            return found?.Data?.TryGetValue(map.Key ?? "", out value) == true ? value
                : map.Optional == true ? null
                : throw Failure($"couldn't find key {map.Key} in ConfigMap {pod.Namespace()}/{map.Name}");
        }

        if (from.SecretKeyRef is { } secret)
        {
            var found = await SecretAsync(pod, secret.Name, secret.Optional, cancellationToken);
            byte[]? value = null;
            return found?.Data?.TryGetValue(secret.Key ?? "", out value) == true ? Encoding.UTF8.GetString(value ?? [])
                : secret.Optional == true ? null
                : throw Failure($"couldn't find key {secret.Key} in Secret {pod.Namespace()}/{secret.Name}");
        }

        return null;
    }

    private async Task<V1ConfigMap?> ConfigMapAsync(V1Pod pod, string? name, bool? optional, CancellationToken cancellationToken) =>
        await objects.FindAsync<V1ConfigMap>(pod.Namespace(), name ?? "", cancellationToken)
        ?? (optional == true ? null : throw Failure($"configmap \"{name}\" not found"));

    private async Task<V1Secret?> SecretAsync(V1Pod pod, string? name, bool? optional, CancellationToken cancellationToken) =>
        await objects.FindAsync<V1Secret>(pod.Namespace(), name ?? "", cancellationToken)
        ?? (optional == true ? null : throw Failure($"secret \"{name}\" not found"));
}
