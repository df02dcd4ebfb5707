using k8s.Models;

using MiniKube.Kubelet.Pods;

namespace MiniKube.Kubelet.Status;

/// <summary>A pod's quality of service class, from the requests and limits of all its containers, or from its own if it has any.</summary>
internal static class PodQos
{
    public const string Guaranteed = "Guaranteed";
    public const string Burstable = "Burstable";
    public const string BestEffort = "BestEffort";

    public static string Of(V1Pod pod)
    {
        List<V1ResourceRequirements?> all = pod.HasOwnResources() ? [pod.Spec.Resources] : [.. pod.InitContainers().Concat(pod.Containers()).Select(container => container.Resources)];
        if (all.All(resources => !HasAny(resources?.Requests) && !HasAny(resources?.Limits)))
        {
            return BestEffort;
        }

        return all.All(resources => IsGuaranteed(resources, "cpu") && IsGuaranteed(resources, "memory")) ? Guaranteed : Burstable;
    }

    private static bool HasAny(IDictionary<string, ResourceQuantity>? list) => Value(list, "cpu") > 0 || Value(list, "memory") > 0;

    private static bool IsGuaranteed(V1ResourceRequirements? resources, string name)
    {
        var limit = Value(resources?.Limits, name);
        return limit > 0 && (Value(resources?.Requests, name) == limit || resources?.Requests?.ContainsKey(name) != true);
    }

    private static decimal Value(IDictionary<string, ResourceQuantity>? list, string name) =>
        list is not null && list.TryGetValue(name, out var quantity) ? quantity.ToDecimal() : 0;
}
