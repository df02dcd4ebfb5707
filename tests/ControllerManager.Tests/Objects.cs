using k8s.Models;

namespace MiniKube.ControllerManager.Tests;

/// <summary>Objects that tests create.</summary>
internal static class Objects
{
    public static V1ObjectMeta Meta(string name, string ns = "default") => new() { Name = name, NamespaceProperty = ns };

    public static V1PodTemplateSpec Template(string app, string image = "web:1") => new()
    {
        Metadata = new V1ObjectMeta { Labels = Labels(app) },
        Spec = new V1PodSpec
        {
            // There is no kubelet that would end them.
            TerminationGracePeriodSeconds = 0,
            Containers = [new V1Container { Name = "web", Image = image, Ports = [new V1ContainerPort { ContainerPort = 8080, Name = "http" }] }],
        },
    };

    public static V1ReplicationController ReplicationController(string name, int replicas) => new()
    {
        ApiVersion = "v1",
        Kind = "ReplicationController",
        Metadata = Meta(name),
        Spec = new V1ReplicationControllerSpec { Replicas = replicas, Selector = Labels(name), Template = Template(name) },
    };

    public static V1Deployment Deployment(string name, int replicas, string image = "web:1") => new()
    {
        ApiVersion = "apps/v1",
        Kind = "Deployment",
        Metadata = Meta(name),
        Spec = new V1DeploymentSpec
        {
            Replicas = replicas,
            Selector = new V1LabelSelector { MatchLabels = Labels(name) },
            Template = Template(name, image),
        },
    };

    public static V1DaemonSet DaemonSet(string name) => new()
    {
        ApiVersion = "apps/v1",
        Kind = "DaemonSet",
        Metadata = Meta(name),
        Spec = new V1DaemonSetSpec { Selector = new V1LabelSelector { MatchLabels = Labels(name) }, Template = Template(name) },
    };

    /// <summary>Of pods that would have a claim each.</summary>
    public static V1StatefulSet StatefulSet(string name, int replicas) => new()
    {
        ApiVersion = "apps/v1",
        Kind = "StatefulSet",
        Metadata = Meta(name),
        Spec = new V1StatefulSetSpec
        {
            Replicas = replicas,
            ServiceName = name,
            Selector = new V1LabelSelector { MatchLabels = Labels(name) },
            Template = Template(name),
            VolumeClaimTemplates = [Claim("data", "1Gi")],
        },
    };

    public static V1PersistentVolumeClaim Claim(string name, string size) => new()
    {
        ApiVersion = "v1",
        Kind = "PersistentVolumeClaim",
        Metadata = Meta(name),
        Spec = new V1PersistentVolumeClaimSpec
        {
            AccessModes = ["ReadWriteOnce"],
            Resources = new V1VolumeResourceRequirements { Requests = new Dictionary<string, ResourceQuantity> { ["storage"] = new(size) } },
        },
    };

    public static V1Job Job(string name) => new()
    {
        ApiVersion = "batch/v1",
        Kind = "Job",
        Metadata = Meta(name),
        Spec = new V1JobSpec { Template = Template(name) with { Spec = Template(name).Spec with { RestartPolicy = "Never" } } },
    };

    public static V1Service Service(string app) => new()
    {
        ApiVersion = "v1",
        Kind = "Service",
        Metadata = Meta(app),
        Spec = new V1ServiceSpec { Selector = Labels(app), Ports = [new V1ServicePort { Name = "http", Port = 80, TargetPort = "http" }] },
    };

    public static Dictionary<string, string> Labels(string app) => new() { ["app"] = app };
}
