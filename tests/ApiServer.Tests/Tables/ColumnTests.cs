using MiniKube.ApiServer.Endpoints.Tables;
using MiniKube.ApiServer.Tests.Resources;

namespace MiniKube.ApiServer.Tests.Tables;

/// <summary>The definitions of columns: names, types, formats, priorities and help texts of upstream's printers.</summary>
public sealed class ColumnTests
{
    private const string NameAndAge = "Name:string:name|Age:string";
    private const string Template = "Containers:string:1|Images:string:1";

    /// <summary>name:type[:format][:priority], one kind a row.</summary>
    [Theory]
    [InlineData("pods", "Name:string:name|Ready:string|Status:string|Restarts:string|Age:string|IP:string:1|Node:string:1|Nominated Node:string:1|Readiness Gates:string:1")]
    [InlineData("podtemplates", "Name:string:name|Containers:string|Images:string|Pod Labels:string")]
    [InlineData("poddisruptionbudgets", "Name:string:name|Min Available:string|Max Unavailable:string|Allowed Disruptions:integer|Age:string")]
    [InlineData("replicationcontrollers", "Name:string:name|Desired:integer|Current:integer|Ready:integer|Age:string|" + Template + "|Selector:string:1")]
    [InlineData("replicasets", "Name:string:name|Desired:integer|Current:integer|Ready:integer|Age:string|" + Template + "|Selector:string:1")]
    [InlineData("daemonsets", "Name:string:name|Desired:integer|Current:integer|Ready:integer|Up-to-date:integer|Available:integer|Node Selector:string|Age:string|" + Template + "|Selector:string:1")]
    [InlineData("jobs", "Name:string:name|Status:string|Completions:string|Duration:string|Age:string|" + Template + "|Selector:string:1")]
    [InlineData("cronjobs", "Name:string:name|Schedule:string|Timezone:string|Suspend:boolean|Active:integer|Last Schedule:string|Age:string|" + Template + "|Selector:string:1")]
    [InlineData("services", "Name:string:name|Type:string|Cluster-IP:string|External-IP:string|Port(s):string|Age:string|Selector:string:1")]
    [InlineData("ingresses", "Name:string:name|Class:string|Hosts:string|Address:string|Ports:string|Age:string")]
    [InlineData("ingressclasses", "Name:string:name|Controller:string|Parameters:string|Age:string")]
    [InlineData("statefulsets", "Name:string:name|Ready:string|Age:string|" + Template)]
    [InlineData("endpoints", "Name:string:name|Endpoints:string|Age:string")]
    [InlineData("nodes", "Name:string:name|Status:string|Roles:string|Age:string|Version:string|Internal-IP:string:1|External-IP:string:1|OS-Image:string:1|Kernel-Version:string:1|Container-Runtime:string:1")]
    [InlineData("events", "Last Seen:string|Type:string|Reason:string|Object:string|Subobject:string:1|Source:string:1|Message:string|First Seen:string:1|Count:string:1|Name:string:name:1")]
    [InlineData("namespaces", "Name:string:name|Status:string|Age:string")]
    [InlineData("secrets", "Name:string:name|Type:string|Data:string|Age:string")]
    [InlineData("serviceaccounts", "Name:string:name|Secrets:string|Age:string")]
    [InlineData("persistentvolumes", "Name:string:name|Capacity:string|Access Modes:string|Reclaim Policy:string|Status:string|Claim:string|StorageClass:string|VolumeAttributesClass:string|Reason:string|Age:string|VolumeMode:string:1")]
    [InlineData("persistentvolumeclaims", "Name:string:name|Status:string|Volume:string|Capacity:string|Access Modes:string|StorageClass:string|VolumeAttributesClass:string|Age:string|VolumeMode:string:1")]
    [InlineData("deployments", "Name:string:name|Ready:string|Up-to-date:string|Available:string|Age:string|" + Template + "|Selector:string:1")]
    [InlineData("horizontalpodautoscalers", "Name:string:name|Reference:string|Targets:string|MinPods:string|MaxPods:string|Replicas:string|Age:string")]
    [InlineData("configmaps", "Name:string:name|Data:string|Age:string")]
    [InlineData("networkpolicies", "Name:string:name|Pod-Selector:string|Age:string")]
    [InlineData("rolebindings", "Name:string:name|Role:string|Age:string|Users:string:1|Groups:string:1|ServiceAccounts:string:1")]
    [InlineData("clusterrolebindings", "Name:string:name|Role:string|Age:string|Users:string:1|Groups:string:1|ServiceAccounts:string:1")]
    [InlineData("certificatesigningrequests", "Name:string:name|Age:string|SignerName:string|Requestor:string|RequestedDuration:string|Condition:string")]
    [InlineData("leases", "Name:string:name|Holder:string|Age:string")]
    [InlineData("storageclasses", "Name:string:name|Provisioner:string|ReclaimPolicy:string|VolumeBindingMode:string|AllowVolumeExpansion:string|Age:string")]
    [InlineData("volumeattributesclasses", "Name:string:name|DriverName:string|Age:string")]
    [InlineData("controllerrevisions", "Name:string:name|Controller:string|Revision:string|Age:string")]
    [InlineData("resourcequotas", "Name:string:name|Request:string|Limit:string|Age:string")]
    [InlineData("priorityclasses", "Name:string:name|Value:integer|Global-Default:boolean|Age:string|PreemptionPolicy:string")]
    [InlineData("runtimeclasses", "Name:string:name|Handler:string|Age:string")]
    [InlineData("volumeattachments", "Name:string:name|Attacher:string:name|PV:string|Node:string|Attached:boolean|Age:string")]
    [InlineData("endpointslices", "Name:string:name|AddressType:string|Ports:string|Endpoints:string|Age:string")]
    [InlineData("csinodes", "Name:string:name|Drivers:integer|Age:string")]
    [InlineData("csidrivers", "Name:string:name|AttachRequired:boolean|PodInfoOnMount:boolean|StorageCapacity:boolean|TokenRequests:string|RequiresRepublish:boolean|Modes:string|Age:string")]
    [InlineData("csistoragecapacities", "Name:string:name|StorageClassName:string|Capacity:string")]
    [InlineData("mutatingwebhookconfigurations", "Name:string:name|Webhooks:integer|Age:string")]
    [InlineData("validatingwebhookconfigurations", "Name:string:name|Webhooks:integer|Age:string")]
    [InlineData("validatingadmissionpolicies", "Name:string:name|Validations:integer|ParamKind:string|Age:string")]
    [InlineData("validatingadmissionpolicybindings", "Name:string:name|PolicyName:string|ParamRef:string|Age:string")]
    [InlineData("flowschemas", "Name:string:name|PriorityLevel:string|MatchingPrecedence:string|DistinguisherMethod:string|Age:string|MissingPL:string")]
    [InlineData("prioritylevelconfigurations", "Name:string:name|Type:string|NominalConcurrencyShares:string|Queues:string|HandSize:string|QueueLengthLimit:string|Age:string")]
    [InlineData("deviceclasses", NameAndAge)]
    [InlineData("resourceclaims", "Name:string:name|State:string|Age:string")]
    [InlineData("resourceclaimtemplates", NameAndAge)]
    [InlineData("resourceslices", "Name:string:name|Node:string|Driver:string|Pool:string|Age:string")]
    [InlineData("servicecidrs", "Name:string:name|CIDRs:string|Age:string")]
    [InlineData("ipaddresses", "Name:string:name|ParentRef:string")]
    [InlineData("apiservices", "Name:string:name|Service:string|Available:string|Age:string")]
    [InlineData("roles", "Name:string:name|Created At:date")]
    [InlineData("clusterroles", "Name:string:name|Created At:date")]
    [InlineData("limitranges", "Name:string:name|Created At:date")]
    public void Columns_EachKind_AreUpstreams(string resource, string columns) => Assert.Equal(
        columns,
        string.Join('|', Strategies.Of(resource).Columns.Select(column =>
            $"{column.Name}:{column.Type}{(column.Format.Length > 0 ? $":{column.Format}" : "")}{(column.Priority > 0 ? $":{column.Priority}" : "")}")));

    // Upstream asks the metadata for a field that it does not have; metrics-server describes only names.
    [Fact]
    public void Columns_EveryKind_HaveADescription()
    {
        var descriptions = new ColumnDescriptions();
        Assert.All(Strategies.All.Where(strategy => strategy.Kind.Group != "metrics.k8s.io"), strategy => Assert.All(
            strategy.Columns.Zip(descriptions.Of(strategy)).Where(column => (strategy.Plural, column.First.Name) is not ("runtimeclasses", "Handler")),
            column => Assert.False(column.Second.Length == 0, $"{strategy.Plural}: {column.First.Name}")));
    }

    [Theory]
    [InlineData("pods", "Name", "Name must be unique within a namespace. Is required when creating resources, although some")]
    [InlineData("pods", "Age", "CreationTimestamp is a timestamp representing the server time when this object was created.")]
    [InlineData("pods", "Ready", "The aggregate readiness state of this pod for accepting traffic.")]
    [InlineData("pods", "Node", "NodeName indicates in which node this pod is scheduled.")]
    [InlineData("daemonsets", "Node Selector", "NodeSelector is a selector which must be true for the pod to fit on a node.")]
    [InlineData("horizontalpodautoscalers", "MinPods", "minReplicas is the lower limit for the number of replicas to which the autoscaler can scale down.")]
    [InlineData("events", "Last Seen", "The time at which the most recent occurrence of this event was recorded.")]
    [InlineData("endpointslices", "Ports", "ports specifies the list of network ports exposed by each endpoint in this slice.")]
    public void Descriptions_AreThoseOfTheFields(string resource, string column, string start)
    {
        var strategy = Strategies.Of(resource);
        var index = strategy.Columns.ToList().FindIndex(c => c.Name == column);

        Assert.StartsWith(start, new ColumnDescriptions().Of(strategy)[index]);
    }
}
