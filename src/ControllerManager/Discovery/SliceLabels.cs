using k8s.Models;

namespace MiniKube.ControllerManager.Discovery;

/// <summary>The labels by which a slice names its service, and the controller that keeps it.</summary>
internal static class SliceLabels
{
    public const string ServiceName = "kubernetes.io/service-name";
    public const string ManagedBy = "endpointslice.kubernetes.io/managed-by";

    /// <summary>Whether a slice stays, and is kept by that controller.</summary>
    public static bool IsKeptBy(this V1EndpointSlice slice, string controller) =>
        slice.Metadata?.DeletionTimestamp is null
        && slice.Metadata?.Labels?.TryGetValue(ManagedBy, out var manager) == true
        && manager == controller;
}
