using System.Text.Json.Nodes;

namespace MiniKube.ApiServer.Tests.Resources;

/// <summary>Volumes, claims and the kinds of storage.k8s.io, in upstream's words.</summary>
public sealed class StorageTests
{
    private const string Capacity = "\"capacity\":{\"storage\":\"1Gi\"},\"accessModes\":[\"ReadWriteOnce\"]";
    private const string Claim = "\"accessModes\":[\"ReadWriteOnce\"],\"resources\":{\"requests\":{\"storage\":\"1Gi\"}}";

    [Theory]
    [InlineData("{" + Capacity + ",\"hostPath\":{\"path\":\"/x\"}}", "")]
    [InlineData("{}", "spec.accessModes: Required value\nspec.capacity: Required value\nspec.capacity: Unsupported value: \"\": supported values: \"storage\"\nspec: Required value: must specify a volume type")]
    [InlineData("""{"accessModes":["Always"],"capacity":{"storage":"0"},"nfs":{"server":"s","path":"/x"}}""", "spec.accessModes: Unsupported value: \"Always\": supported values: \"ReadOnlyMany\", \"ReadWriteMany\", \"ReadWriteOnce\", \"ReadWriteOncePod\"\nspec.capacity[storage]: Invalid value: \"0\": must be greater than zero")]
    [InlineData("""{"accessModes":["ReadWriteOncePod","ReadOnlyMany"],"capacity":{"storage":"1Gi"},"hostPath":{"path":"/x"}}""", "spec.accessModes: Forbidden: may not use ReadWriteOncePod with other access modes")]
    [InlineData("{" + Capacity + ",\"hostPath\":{\"path\":\"/x\"},\"nfs\":{}}", "spec.nfs: Forbidden: may not specify more than 1 volume type")]
    [InlineData("{" + Capacity + ",\"local\":{\"path\":\"/x\"}}", "spec.nodeAffinity: Required value: Local volume requires node affinity")]
    [InlineData("{" + Capacity + ",\"hostPath\":{\"path\":\"/\"},\"persistentVolumeReclaimPolicy\":\"Recycle\"}", "spec.persistentVolumeReclaimPolicy: Forbidden: may not be 'recycle' for a hostPath mount of '/'")]
    [InlineData("{" + Capacity + ",\"hostPath\":{\"path\":\"/x\"},\"persistentVolumeReclaimPolicy\":\"Keep\",\"volumeMode\":\"Some\"}", "spec.persistentVolumeReclaimPolicy: Unsupported value: \"Keep\": supported values: \"Delete\", \"Recycle\", \"Retain\"\nspec.volumeMode: Unsupported value: \"Some\": supported values: \"Block\", \"Filesystem\"")]
    [InlineData("{\"accessModes\":[\"ReadWriteOncePod\",\"ReadWriteOncePod\"],\"capacity\":{\"storage\":\"-1\"},\"hostPath\":{\"path\":\"\"},\"persistentVolumeReclaimPolicy\":\"Recycle\"}", "spec.capacity[storage]: Invalid value: -1: must be a valid resource quantity\nspec.capacity[storage]: Invalid value: \"-1\": must be greater than zero\nspec.hostPath.path: Required value")]
    [InlineData("{" + Capacity + ",\"nfs\":{\"server\":\"s\",\"path\":\"p\"},\"cephfs\":{}}", "spec.nfs.path: Invalid value: \"p\": must be an absolute path\nspec.cephFS: Forbidden: may not specify more than 1 volume type")]
    [InlineData("{" + Capacity + ",\"cinder\":{\"volumeID\":\"v\",\"secretRef\":{\"name\":\"s\"}}}", "spec.cinder.secretRef.namespace: Required value")]
    [InlineData("{" + Capacity + ",\"hostPath\":{\"path\":\"/x\"},\"volumeAttributesClassName\":\"\"}", "spec.volumeAttributesClassName: Required value: an empty string is disallowed\nspec.csi: Required value: has to be specified when using volumeAttributesClassName")]
    [InlineData("{" + Capacity + ",\"csi\":{\"driver\":\"d\",\"volumeHandle\":\"h\",\"nodePublishSecretRef\":{\"name\":\"s\",\"namespace\":\"N\"}}}", "spec.csi.nodePublishSecretRef.namespace: Invalid value: \"N\": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')")]
    [InlineData("{" + Capacity + ",\"csi\":{}}", "spec.csi.driver: Required value\nspec.csi.driver: Invalid value: \"\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')\nspec.csi.volumeHandle: Required value")]
    public void Volume_Table_GivesUpstreamsText(string spec, string faults) => Assert.Equal(faults, Strategies.Faults("persistentvolumes", "{\"spec\":" + spec + "}"));

    [Fact]
    public void Volume_Source_IsImmutable() => Assert.StartsWith(
        "spec.persistentvolumesource: Forbidden: spec.persistentvolumesource is immutable after creation\n",
        Strategies.UpdateFaults("persistentvolumes", "{\"spec\":{" + Capacity + ",\"hostPath\":{\"path\":\"/x\"}}}", "{\"spec\":{" + Capacity + ",\"hostPath\":{\"path\":\"/y\"}}}"));

    [Theory]
    [InlineData("{" + Claim + "}", "")]
    [InlineData("{}", "spec.accessModes: Required value: at least 1 access mode is required\nspec.resources[storage]: Required value")]
    [InlineData("{" + Claim + ",\"volumeMode\":\"Some\",\"storageClassName\":\"B_\"}", "spec.storageClassName: Invalid value: \"B_\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')\nspec.volumeMode: Unsupported value: \"Some\": supported values: \"Block\", \"Filesystem\"")]
    [InlineData("{" + Claim + ",\"dataSource\":{\"kind\":\"Snap\",\"name\":\"x\"}}", "spec.dataSource: Invalid value: \"Snap\": must be 'PersistentVolumeClaim' when referencing the default apiGroup")]
    public void Claim_Table_GivesUpstreamsText(string spec, string faults) => Assert.Equal(faults, Strategies.Faults("persistentvolumeclaims", "{\"spec\":" + spec + "}"));

    [Theory]
    [InlineData("Pending", "1Gi", "", "", true)]
    [InlineData("Pending", "2Gi", "", "", false)]
    [InlineData("Bound", "2Gi", "", "", true)]
    [InlineData("Bound", "1Gi", ",\"volumeName\":\"v\"", "", true)]
    [InlineData("Bound", "1Gi", ",\"volumeMode\":\"Block\"", "", false)]
    [InlineData("Bound", "1Gi", ",\"volumeName\":\"w\"", ",\"volumeName\":\"v\"", false)]
    [InlineData("Pending", "1Gi", ",\"storageClassName\":\"s\"", "", true)]
    [InlineData("Pending", "1Gi", ",\"storageClassName\":\"t\"", ",\"storageClassName\":\"s\"", false)]
    public void Claim_Spec_MayGrowOnlyWhenBound(string phase, string size, string now, string before, bool isGood)
    {
        var faults = Strategies.UpdateFaults("persistentvolumeclaims", Pvc(phase, "1Gi", before), Pvc(phase, size, now));

        Assert.Equal(isGood, faults.Length == 0);
        Assert.True(isGood || faults.StartsWith(
            "spec: Forbidden: spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims\n", StringComparison.Ordinal), faults);
    }

    [Theory]
    [InlineData("beta.kubernetes.io/os", "kubernetes.io/os", "")]
    [InlineData("kubernetes.io/os", "beta.kubernetes.io/os", "nodeAffinity: Invalid value: {0}: field is immutable, except for updating from beta label to GA")]
    public void Volume_NodeAffinity_MayLeaveBetaLabels(string before, string after, string fault)
    {
        static string Affinity(string key) => "{\"required\":{\"nodeSelectorTerms\":[{\"matchExpressions\":[{\"key\":\"" + key + "\",\"operator\":\"Exists\"}]}]}}";
        static string Volume(string key) => "{\"spec\":{" + Capacity + ",\"hostPath\":{\"path\":\"/x\"},\"nodeAffinity\":" + Affinity(key) + "}}";

        Assert.Equal(fault.Replace("{0}", Affinity(after), StringComparison.Ordinal), Strategies.UpdateFaults("persistentvolumes", Volume(before), Volume(after)));
    }

    [Theory]
    [InlineData("", "spec.volumeAttributesClassName: Forbidden: update to nil is forbidden when status.currentVolumeAttributesClassName is not nil")]
    [InlineData(",\"volumeAttributesClassName\":\"\"", "spec.volumeAttributesClassName: Forbidden: update to empty string is forbidden when status.currentVolumeAttributesClassName is not nil")]
    [InlineData(",\"volumeAttributesClassName\":\"fast\"", "")]
    public void Claim_ClassOfAttributes_IsNotGivenUp(string after, string fault)
    {
        static string Bound(string fields) =>
            "{\"spec\":{" + Claim + fields + "},\"status\":{\"phase\":\"Bound\",\"currentVolumeAttributesClassName\":\"slow\",\"capacity\":{\"storage\":\"1Gi\"}}}";

        Assert.Equal(fault, Strategies.UpdateFaults("persistentvolumeclaims", Bound(",\"volumeAttributesClassName\":\"slow\""), Bound(after)));
    }

    [Theory]
    [InlineData("\"capacity\":{\"storage\":\"-5\"}", "status.capacity[storage]: Invalid value: -5: must be a valid resource quantity")]
    [InlineData("\"allocatedResourceStatuses\":{\"storage\":\"Odd\"}", "status.allocatedResourceStatus: Unsupported value: \"storage\": supported values: \"ControllerResizeInProgress\", \"ControllerResizeInfeasible\", \"NodeResizeInProgress\", \"NodeResizeInfeasible\", \"NodeResizePending\"")]
    [InlineData("\"allocatedResources\":{\"cpu\":\"1\"}", "status.allocatedResources: Unsupported value: \"cpu\": supported values: \"storage\"")]
    public void Claim_Status_GivesUpstreamsText(string status, string fault) => Assert.Equal(
        fault, Strategies.StatusFaults("persistentvolumeclaims", "{\"spec\":{" + Claim + "}}", "{\"spec\":{" + Claim + "},\"status\":{" + status + "}}"));

    [Fact]
    public void Claim_BelowItsVolume_MayNotShrink() => Assert.Equal(
        "spec.resources.requests.storage: Forbidden: field can not be less than status.capacity",
        Strategies.UpdateFaults(
            "persistentvolumeclaims",
            """{"spec":{"accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"2Gi"}}},"status":{"phase":"Bound","capacity":{"storage":"1Gi"}}}""",
            """{"spec":{"accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"1Gi"}}},"status":{"phase":"Bound","capacity":{"storage":"1Gi"}}}"""));

    [Theory]
    [InlineData("""{"dataSource":{"kind":"PersistentVolumeClaim","name":"x"}}""", "dataSourceRef")]
    [InlineData("""{"dataSourceRef":{"kind":"PersistentVolumeClaim","name":"x"}}""", "dataSource")]
    public void Claim_DataSources_SayTheSame(string spec, string other)
    {
        var claim = Strategies.Parse("{\"spec\":" + spec + "}");
        Strategies.Of("persistentvolumeclaims").PrepareForCreate(claim);

        Assert.Equal("x", (string)claim["spec"]![other]!["name"]!);
    }

    [Theory]
    [InlineData("storageclasses", """{"provisioner":"a.io/b"}""", "")]
    [InlineData("storageclasses", """{}""", "provisioner: Required value")]
    [InlineData("storageclasses", """{"provisioner":"a","reclaimPolicy":"Recycle","volumeBindingMode":"Later"}""", "reclaimPolicy: Unsupported value: \"Recycle\": supported values: \"Delete\", \"Retain\"\nvolumeBindingMode: Unsupported value: \"Later\": supported values: \"Immediate\", \"WaitForFirstConsumer\"")]
    [InlineData("storageclasses", """{"provisioner":"a","allowedTopologies":[{"matchLabelExpressions":[{"key":"z","values":[]}]}]}""", "allowedTopologies[0].matchLabelExpressions[0].values: Required value")]
    [InlineData("volumeattributesclasses", """{"driverName":"a"}""", "parameters: Required value: must contain at least one key/value pair")]
    [InlineData("volumeattachments", """{"spec":{"attacher":"a.io","nodeName":"n","source":{}}}""", "spec.source: Required value: must specify exactly one of inlineVolumeSpec and persistentVolumeName")]
    [InlineData("volumeattachments", """{"spec":{"attacher":"a.io","nodeName":"n","source":{"persistentVolumeName":"p"}}}""", "")]
    [InlineData("csinodes", """{"spec":{"drivers":[{"name":"a.io","nodeID":"n"},{"name":"a.io","nodeID":""}]}}""", "spec.drivers[1].nodeID: Required value\nspec.drivers[1].name: Duplicate value: \"a.io\"")]
    [InlineData("csidrivers", """{"spec":{"fsGroupPolicy":"Some","volumeLifecycleModes":["Once"],"tokenRequests":[{"audience":"a","expirationSeconds":5},{"audience":"a"}]}}""", "spec.fsGroupPolicy: Unsupported value: \"Some\": supported values: \"File\", \"None\", \"ReadWriteOnceWithFSType\"\nspec.tokenRequests[0].expirationSeconds: Invalid value: 5: may not specify a duration less than 10 minutes\nspec.tokenRequests[1].audience: Duplicate value: \"a\"\nspec.volumeLifecycleModes: Unsupported value: \"Once\": supported values: \"Persistent\", \"Ephemeral\"")]
    [InlineData("csistoragecapacities", """{"storageClassName":"s","capacity":"-1"}""", "capacity: Invalid value: \"-1\": must be greater than or equal to 0")]
    public void Kind_Table_GivesUpstreamsText(string resource, string obj, string faults) => Assert.Equal(faults, Strategies.Faults(resource, obj));

    [Theory]
    [InlineData("storageclasses", """{"provisioner":"a"}""", """{"provisioner":"b","parameters":{"x":"y"},"reclaimPolicy":"Retain"}""", "parameters: Forbidden: updates to parameters are forbidden.\nprovisioner: Forbidden: updates to provisioner are forbidden.\nreclaimPolicy: Forbidden: updates to reclaimPolicy are forbidden.")]
    [InlineData("csidrivers", """{"spec":{"attachRequired":true}}""", """{"spec":{"attachRequired":false}}""", "spec.attachedRequired: Invalid value: false: field is immutable")]
    [InlineData("csistoragecapacities", """{"storageClassName":"s"}""", """{"storageClassName":"t"}""", "storageClassName: Invalid value: \"t\": field is immutable")]
    [InlineData("csinodes", """{"spec":{"drivers":[{"name":"a.io","nodeID":"n"}]}}""", """{"spec":{"drivers":[{"name":"a.io","nodeID":"n","allocatable":{"count":3}},{"name":"b.io","nodeID":"n"}]}}""", "")]
    public void Kind_Change_GivesUpstreamsText(string resource, string old, string obj, string faults) => Assert.Equal(faults, Strategies.UpdateFaults(resource, old, obj));

    [Fact]
    public void Volume_Create_IsPendingSinceThen()
    {
        var volume = Strategies.Parse("""{"metadata":{"creationTimestamp":"2026-01-01T00:00:00Z"},"spec":{}}""");
        Strategies.Of("persistentvolumes").PrepareForCreate(volume);

        Assert.Equal("""{"phase":"Pending","lastPhaseTransitionTime":"2026-01-01T00:00:00Z"}""", volume["status"]!.ToJsonString());
    }

    private static string Pvc(string phase, string size, string more) =>
        new JsonObject
        {
            ["spec"] = Strategies.Parse("{\"accessModes\":[\"ReadWriteOnce\"],\"resources\":{\"requests\":{\"storage\":\"" + size + "\"}}" + more + "}"),
            ["status"] = new JsonObject { ["phase"] = phase },
        }.ToJsonString();
}
