using MiniKube.ApiServer.Tests.Resources;

namespace MiniKube.ApiServer.Tests.Tables;

/// <summary>Headers and rows as upstream's printers give them.</summary>
public sealed class RowTests
{
    private const string Meta = "\"metadata\":{\"name\":\"a\",\"creationTimestamp\":\"2026-01-01T00:00:00Z\"}";

    [Theory]
    [InlineData("pods", "Name | Ready | Status | Restarts | Age | IP | Node | Nominated Node | Readiness Gates")]
    [InlineData("replicationcontrollers", "Name | Desired | Current | Ready | Age | Containers | Images | Selector")]
    [InlineData("services", "Name | Type | Cluster-IP | External-IP | Port(s) | Age | Selector")]
    [InlineData("nodes", "Name | Status | Roles | Age | Version | Internal-IP | External-IP | OS-Image | Kernel-Version | Container-Runtime")]
    [InlineData("deployments", "Name | Ready | Up-to-date | Available | Age | Containers | Images | Selector")]
    [InlineData("daemonsets", "Name | Desired | Current | Ready | Up-to-date | Available | Node Selector | Age | Containers | Images | Selector")]
    [InlineData("jobs", "Name | Status | Completions | Duration | Age | Containers | Images | Selector")]
    [InlineData("cronjobs", "Name | Schedule | Timezone | Suspend | Active | Last Schedule | Age | Containers | Images | Selector")]
    [InlineData("persistentvolumes", "Name | Capacity | Access Modes | Reclaim Policy | Status | Claim | StorageClass | VolumeAttributesClass | Reason | Age | VolumeMode")]
    [InlineData("rolebindings", "Name | Role | Age | Users | Groups | ServiceAccounts")]
    [InlineData("clusterroles", "Name | Created At")]
    [InlineData("limitranges", "Name | Created At")]
    public void Columns_Wide_AreUpstreams(string resource, string header) => Assert.Equal(header, Strategies.Header(resource, wide: true));

    [Fact]
    public void Events_Columns_AreUpstreams() => Assert.Equal(
        "Last Seen | Type | Reason | Object | Subobject | Source | Message | First Seen | Count | Name",
        string.Join(" | ", Strategies.All.Single(s => s.Plural == "events" && s.Kind.Group.Length == 0).Columns.Select(column => column.Name)));

    [Theory]
    [InlineData("""{"phase":"Pending"}""", "0/2", "Pending", "0")]
    [InlineData("""{"phase":"Failed","reason":"Evicted"}""", "0/2", "Evicted", "0")]
    [InlineData("""{"phase":"Pending","conditions":[{"type":"PodScheduled","status":"False","reason":"SchedulingGated"}]}""", "0/2", "SchedulingGated", "0")]
    [InlineData("""{"phase":"Pending","initContainerStatuses":[{"name":"i","state":{"running":{}},"restartCount":0}]}""", "0/2", "Init:0/2", "0")]
    [InlineData("""{"phase":"Pending","initContainerStatuses":[{"name":"i","state":{"terminated":{"exitCode":0}}},{"name":"j","state":{"waiting":{"reason":"PodInitializing"}}}]}""", "0/2", "Init:1/2", "0")]
    [InlineData("""{"phase":"Pending","initContainerStatuses":[{"name":"i","restartCount":2,"state":{"waiting":{"reason":"CrashLoopBackOff"}},"lastState":{"terminated":{"exitCode":1,"finishedAt":"2026-01-01T00:00:50Z"}}}]}""", "0/2", "Init:CrashLoopBackOff", "2 (10s ago)")]
    [InlineData("""{"phase":"Pending","initContainerStatuses":[{"name":"i","state":{"terminated":{"exitCode":3}}}]}""", "0/2", "Init:ExitCode:3", "0")]
    [InlineData("""{"phase":"Running","containerStatuses":[{"name":"a","ready":true,"state":{"running":{}},"restartCount":0},{"name":"b","ready":true,"state":{"running":{}},"restartCount":0}]}""", "2/2", "Running", "0")]
    [InlineData("""{"phase":"Running","containerStatuses":[{"name":"a","ready":true,"state":{"running":{}},"restartCount":0},{"name":"b","ready":false,"state":{"waiting":{"reason":"CrashLoopBackOff"}},"restartCount":3,"lastState":{"terminated":{"finishedAt":"2026-01-01T00:00:55Z"}}}]}""", "1/2", "CrashLoopBackOff", "3 (5s ago)")]
    [InlineData("""{"phase":"Succeeded","containerStatuses":[{"name":"a","state":{"terminated":{"exitCode":0,"reason":"Completed"}},"restartCount":0}]}""", "0/2", "Completed", "0")]
    [InlineData("""{"phase":"Running","conditions":[{"type":"Ready","status":"True"}],"containerStatuses":[{"name":"a","state":{"terminated":{"exitCode":0,"reason":"Completed"}}},{"name":"b","ready":true,"state":{"running":{}}}]}""", "1/2", "Running", "0")]
    [InlineData("""{"phase":"Running","containerStatuses":[{"name":"a","state":{"terminated":{"exitCode":0,"reason":"Completed"}}},{"name":"b","ready":true,"state":{"running":{}}}]}""", "1/2", "NotReady", "0")]
    [InlineData("""{"phase":"Running","containerStatuses":[{"name":"a","state":{"terminated":{"signal":9}}}]}""", "0/2", "Signal:9", "0")]
    public void Pods_Row_IsAsUpstreamsPrinterHasIt(string status, string ready, string text, string restarts)
    {
        var spec = """{"containers":[{"name":"a"},{"name":"b"}],"initContainers":[{"name":"i"},{"name":"j"}]}""";

        Assert.Equal($"a | {ready} | {text} | {restarts} | 60s", Strategies.Row("pods", "{" + Meta + ",\"spec\":" + spec + ",\"status\":" + status + "}"));
    }

    [Fact]
    public void Pods_Sidecar_CountsAmongContainers()
    {
        var pod = "{" + Meta + ""","spec":{"containers":[{"name":"a"}],"initContainers":[{"name":"s","restartPolicy":"Always"}]},"status":{"phase":"Running","initContainerStatuses":[{"name":"s","started":true,"ready":true,"restartCount":1,"state":{"running":{}}}],"containerStatuses":[{"name":"a","ready":true,"restartCount":1,"state":{"running":{}}}]}}""";

        Assert.Equal("a | 2/2 | Running | 2 | 60s", Strategies.Row("pods", pod));
    }

    [Fact]
    public void Pods_Deleted_IsTerminating()
    {
        var pod = """{"metadata":{"name":"a","deletionTimestamp":"2026-01-01T00:00:30Z"},"status":{"phase":"Running"}}""";

        Assert.Equal("a | 0/0 | Terminating | 0 | <unknown>", Strategies.Row("pods", pod));
    }

    [Theory]
    [InlineData("services", """{"spec":{"type":"ClusterIP","clusterIP":"10.96.0.1","ports":[{"port":443,"protocol":"TCP"}]}}""", "a | ClusterIP | 10.96.0.1 | <none> | 443/TCP | 60s")]
    [InlineData("services", """{"spec":{"type":"NodePort","clusterIP":"10.96.0.9","ports":[{"port":80,"nodePort":30080,"protocol":"TCP"},{"port":53,"protocol":"UDP"}]}}""", "a | NodePort | 10.96.0.9 | <none> | 80:30080/TCP,53/UDP | 60s")]
    [InlineData("services", """{"spec":{"type":"LoadBalancer","clusterIP":"10.96.0.9"}}""", "a | LoadBalancer | 10.96.0.9 | <pending> | <none> | 60s")]
    [InlineData("services", """{"spec":{"type":"ExternalName","externalName":"x.org"}}""", "a | ExternalName | <none> | x.org | <none> | 60s")]
    [InlineData("nodes", """{"spec":{"unschedulable":true},"status":{"conditions":[{"type":"Ready","status":"True"}],"nodeInfo":{"kubeletVersion":"v1.34.0"}}}""", "a | Ready,SchedulingDisabled | <none> | 60s | v1.34.0")]
    [InlineData("nodes", """{"status":{}}""", "a | Unknown | <none> | 60s | ")]
    [InlineData("deployments", """{"spec":{"replicas":3},"status":{"readyReplicas":1,"updatedReplicas":2,"availableReplicas":1}}""", "a | 1/3 | 2 | 1 | 60s")]
    [InlineData("statefulsets", """{"spec":{"replicas":3},"status":{"readyReplicas":1}}""", "a | 1/3 | 60s")]
    [InlineData("configmaps", """{"data":{"a":"1"},"binaryData":{"b":"","c":""}}""", "a | 3 | 60s")]
    [InlineData("endpoints", """{"subsets":[{"addresses":[{"ip":"10.0.0.1"},{"ip":"10.0.0.2"}],"ports":[{"port":80},{"port":81}]}]}""", "a | 10.0.0.1:80,10.0.0.2:80,10.0.0.1:81 + 1 more... | 60s")]
    [InlineData("endpoints", """{"subsets":[]}""", "a | <none> | 60s")]
    [InlineData("endpointslices", """{"addressType":"IPv4","ports":[{"port":80}],"endpoints":[{"addresses":["10.0.0.1"]},{"addresses":["10.0.0.2"]}]}""", "a | IPv4 | 80 | 10.0.0.1,10.0.0.2 | 60s")]
    [InlineData("endpointslices", """{"addressType":"IPv4"}""", "a | IPv4 | <unset> | <unset> | 60s")]
    [InlineData("jobs", """{"spec":{"completions":2},"status":{"succeeded":1,"startTime":"2026-01-01T00:00:00Z"}}""", "a | Running | 1/2 | 60s | 60s")]
    [InlineData("jobs", """{"spec":{"parallelism":3},"status":{"succeeded":1,"startTime":"2026-01-01T00:00:00Z","completionTime":"2026-01-01T00:00:09Z","conditions":[{"type":"Complete","status":"True"}]}}""", "a | Complete | 1/1 of 3 | 9s | 60s")]
    [InlineData("cronjobs", """{"spec":{"schedule":"* * * * *","suspend":false}}""", "a | * * * * * | <none> | False | 0 | <none> | 60s")]
    [InlineData("rolebindings", """{"roleRef":{"kind":"Role","name":"r"}}""", "a | Role/r | 60s")]
    [InlineData("leases", """{"spec":{"holderIdentity":"h"}}""", "a | h | 60s")]
    [InlineData("secrets", """{"type":"Opaque","data":{"a":""}}""", "a | Opaque | 1 | 60s")]
    [InlineData("persistentvolumes", """{"spec":{"capacity":{"storage":"1Gi"},"accessModes":["ReadWriteMany","ReadWriteOnce"],"persistentVolumeReclaimPolicy":"Retain","claimRef":{"namespace":"n","name":"c"}},"status":{"phase":"Bound"}}""", "a | 1Gi | RWO,RWX | Retain | Bound | n/c |  | <unset> |  | 60s")]
    [InlineData("ingresses", """{"spec":{"rules":[{"host":"x"},{"host":"y"}],"tls":[{}]},"status":{"loadBalancer":{"ingress":[{"ip":"1.2.3.4"}]}}}""", "a | <none> | x,y | 1.2.3.4 | 80, 443 | 60s")]
    [InlineData("clusterroles", """{"rules":[]}""", "a | 2026-01-01T00:00:00Z")]
    [InlineData("poddisruptionbudgets", """{"spec":{"minAvailable":"50%"},"status":{"disruptionsAllowed":1}}""", "a | 50% | N/A | 1 | 60s")]
    [InlineData("podtemplates", """{"template":{"metadata":{"labels":{"b":"1","a":"2"}},"spec":{"containers":[{"name":"c","image":"i"}]}}}""", "a | c | i | a=2,b=1")]
    [InlineData("services", """{"spec":{"type":"LoadBalancer","clusterIP":"10.96.0.9","externalIPs":["5.6.7.8"]},"status":{"loadBalancer":{"ingress":[{"hostname":"lb.example.com"},{"ip":"1.2.3.4"}]}}}""", "a | LoadBalancer | 10.96.0.9 | 1.2.3.4,lb.example.com,5.6.7.8 | <none> | 60s")]
    [InlineData("nodes", """{"metadata":{"name":"a","labels":{"node-role.kubernetes.io/worker":"","node-role.kubernetes.io/control-plane":"","kubernetes.io/role":"edge","node-role.kubernetes.io/":""}},"status":{"conditions":[{"type":"Ready","status":"Unknown"}]}}""", "a | NotReady | control-plane,edge,worker | <unknown> | ")]
    [InlineData("persistentvolumes", """{"spec":{},"status":{"phase":"Available","reason":"r"}}""", "a | 0 |  |  | Available |  |  | <unset> | r | 60s")]
    [InlineData("persistentvolumeclaims", """{"spec":{"volumeName":"v","storageClassName":"s","volumeMode":"Block"},"status":{"phase":"Bound","accessModes":["ReadWriteOncePod"],"capacity":{"storage":"1Gi"}}}""", "a | Bound | v | 1Gi | RWOP | s | <unset> | 60s")]
    [InlineData("persistentvolumeclaims", """{"spec":{},"status":{"phase":"Pending","accessModes":["ReadWriteOnce"],"capacity":{"storage":"1Gi"}}}""", "a | Pending |  |  |  |  | <unset> | 60s")]
    [InlineData("ingresses", """{"spec":{"ingressClassName":"n","rules":[{"host":"w"},{"host":"x"},{"host":"y"},{"host":"z"},{}]}}""", "a | n | w,x,y + 2 more... |  | 80 | 60s")]
    [InlineData("ingresses", """{"spec":{"defaultBackend":{}}}""", "a | <none> | * |  | 80 | 60s")]
    [InlineData("ingressclasses", """{"spec":{"controller":"x.io/c","parameters":{"apiGroup":"g.io","kind":"K","name":"n"}}}""", "a | x.io/c | K.g.io/n | 60s")]
    [InlineData("ingressclasses", """{"spec":{"controller":"x.io/c"}}""", "a | x.io/c | <none> | 60s")]
    [InlineData("networkpolicies", """{"spec":{"podSelector":{}}}""", "a | <none> | 60s")]
    [InlineData("networkpolicies", """{"spec":{"podSelector":{"matchLabels":{"a":"b"},"matchExpressions":[{"key":"c","operator":"Exists"}]}}}""", "a | a=b,c | 60s")]
    [InlineData("ipaddresses", """{"spec":{"parentRef":{"resource":"services","namespace":"default","name":"kubernetes"}}}""", "a | services/default/kubernetes")]
    [InlineData("ipaddresses", """{"spec":{"parentRef":{"group":"g.io","resource":"Things","name":"t"}}}""", "a | things.g.io/t")]
    [InlineData("servicecidrs", """{"spec":{"cidrs":["10.0.0.0/8","fd00::/64"]}}""", "a | 10.0.0.0/8,fd00::/64 | 60s")]
    [InlineData("horizontalpodautoscalers", """{"spec":{"scaleTargetRef":{"kind":"Deployment","name":"d"},"minReplicas":2,"maxReplicas":5,"metrics":[{"type":"Resource","resource":{"name":"cpu","target":{"averageUtilization":80}}}]},"status":{"currentReplicas":3,"currentMetrics":[{"type":"Resource","resource":{"name":"cpu","current":{"averageUtilization":10}}}]}}""", "a | Deployment/d | cpu: 10%/80% | 2 | 5 | 3 | 60s")]
    [InlineData("horizontalpodautoscalers", """{"spec":{"scaleTargetRef":{"kind":"K","name":"d"},"maxReplicas":5,"metrics":[{"type":"Pods","pods":{"target":{"averageValue":"5"}}},{"type":"External","external":{"target":{"averageValue":"7"}}},{"type":"Object","object":{"target":{"value":"9"}}}]}}""", "a | K/d | <unknown>/5, <unknown>/7 (avg) + 1 more... | <unset> | 5 | 0 | 60s")]
    [InlineData("poddisruptionbudgets", """{"spec":{"maxUnavailable":1}}""", "a | N/A | 1 | 0 | 60s")]
    [InlineData("clusterrolebindings", """{"roleRef":{"kind":"ClusterRole","name":"r"}}""", "a | ClusterRole/r | 60s")]
    [InlineData("certificatesigningrequests", """{"spec":{"signerName":"s.io/s","username":"u","expirationSeconds":3600}}""", "a | 60s | s.io/s | u | 60m | Pending")]
    [InlineData("certificatesigningrequests", """{"spec":{"signerName":"s.io/s","username":"u"},"status":{"conditions":[{"type":"Approved"}],"certificate":"x"}}""", "a | 60s | s.io/s | u | <none> | Approved,Issued")]
    [InlineData("certificatesigningrequests", """{"spec":{"signerName":"s.io/s","username":"u"},"status":{"conditions":[{"type":"Denied"},{"type":"Failed"}]}}""", "a | 60s | s.io/s | u | <none> | Denied,Failed")]
    [InlineData("storageclasses", """{"metadata":{"name":"a","annotations":{"storageclass.kubernetes.io/is-default-class":"true"}},"provisioner":"p","reclaimPolicy":"Retain","volumeBindingMode":"WaitForFirstConsumer","allowVolumeExpansion":true}""", "a (default) | p | Retain | WaitForFirstConsumer | true | <unknown>")]
    [InlineData("storageclasses", """{"provisioner":"p"}""", "a | p | Delete | Immediate | false | 60s")]
    [InlineData("volumeattributesclasses", """{"driverName":"d"}""", "a | d | 60s")]
    [InlineData("volumeattachments", """{"spec":{"attacher":"x","source":{"persistentVolumeName":"pv"},"nodeName":"n"},"status":{"attached":true}}""", "a | x | pv | n | true | 60s")]
    [InlineData("csidrivers", """{"spec":{"attachRequired":false,"tokenRequests":[{"audience":"x"},{"audience":"y"}],"volumeLifecycleModes":["Persistent","Ephemeral"]}}""", "a | false | false | false | x,y | false | Persistent,Ephemeral | 60s")]
    [InlineData("csidrivers", """{"spec":{}}""", "a | true | false | false | <unset> | false | <none> | 60s")]
    [InlineData("csinodes", """{"spec":{"drivers":[{},{}]}}""", "a | 2 | 60s")]
    [InlineData("csistoragecapacities", """{"storageClassName":"s"}""", "a | s | <unset>")]
    [InlineData("controllerrevisions", """{"metadata":{"name":"a","ownerReferences":[{"apiVersion":"apps/v1","kind":"DaemonSet","name":"d","controller":true}]},"revision":3}""", "a | daemonset.apps/d | 3 | <unknown>")]
    [InlineData("resourcequotas", """{"status":{"hard":{"pods":"10","limits.cpu":"2","requests.cpu":"1"},"used":{"pods":"3"}}}""", "a | pods: 3/10, requests.cpu: 0/1 | limits.cpu: 0/2 | 60s")]
    [InlineData("priorityclasses", """{"value":1000,"globalDefault":true,"preemptionPolicy":"Never"}""", "a | 1000 | true | 60s | Never")]
    [InlineData("runtimeclasses", """{"handler":"runc"}""", "a | runc | 60s")]
    [InlineData("endpointslices", """{"addressType":"IPv4","ports":[{"name":"x"},{"port":1},{"port":2},{"port":3}],"endpoints":[{"addresses":["10.0.0.1","10.0.0.2"]},{"addresses":["10.0.0.3","10.0.0.4"]}]}""", "a | IPv4 | x,1,2 + 1 more... | 10.0.0.1,10.0.0.2,10.0.0.3 + 1 more... | 60s")]
    [InlineData("mutatingwebhookconfigurations", """{"webhooks":[{},{}]}""", "a | 2 | 60s")]
    [InlineData("validatingadmissionpolicies", """{"spec":{"validations":[{}],"paramKind":{"apiVersion":"v1","kind":"ConfigMap"}}}""", "a | 1 | v1/ConfigMap | 60s")]
    [InlineData("validatingadmissionpolicies", """{"spec":{}}""", "a | 0 | <unset> | 60s")]
    [InlineData("validatingadmissionpolicybindings", """{"spec":{"policyName":"p","paramRef":{"name":"n","namespace":"s"}}}""", "a | p | s/n | 60s")]
    [InlineData("validatingadmissionpolicybindings", """{"spec":{"policyName":"p","paramRef":{"name":"n"}}}""", "a | p | */n | 60s")]
    [InlineData("validatingadmissionpolicybindings", """{"spec":{"policyName":"p","paramRef":{"selector":{"matchLabels":{"x":"y"}}}}}""", "a | p | &LabelSelector{MatchLabels:map[string]string{x: y,},MatchExpressions:[]LabelSelectorRequirement{},} | 60s")]
    [InlineData("flowschemas", """{"spec":{"priorityLevelConfiguration":{"name":"p"},"matchingPrecedence":5,"distinguisherMethod":{"type":"ByUser"}},"status":{"conditions":[{"type":"Dangling","status":"False"}]}}""", "a | p | 5 | ByUser | 60s | False")]
    [InlineData("prioritylevelconfigurations", """{"spec":{"type":"Limited","limited":{"nominalConcurrencyShares":30,"limitResponse":{"queuing":{"queues":64,"handSize":8,"queueLengthLimit":50}}}}}""", "a | Limited | 30 | 64 | 8 | 50 | 60s")]
    [InlineData("prioritylevelconfigurations", """{"spec":{"type":"Exempt"}}""", "a | Exempt | <none> | <none> | <none> | <none> | 60s")]
    [InlineData("resourceclaims", """{"status":{"allocation":{},"reservedFor":[{}]}}""", "a | allocated,reserved | 60s")]
    [InlineData("resourceclaims", """{"status":{"reservedFor":[{}]}}""", "a | pending | 60s")]
    [InlineData("resourceclaims", """{"metadata":{"name":"a","deletionTimestamp":"2026-01-01T00:00:30Z"}}""", "a | deleted | <unknown>")]
    [InlineData("resourceslices", """{"spec":{"nodeName":"n","driver":"d","pool":{"name":"p"}}}""", "a | n | d | p | 60s")]
    [InlineData("apiservices", """{"spec":{"service":{"namespace":"n","name":"s"}},"status":{"conditions":[{"type":"Available","status":"False","reason":"Why"}]}}""", "a | n/s | False (Why) | 60s")]
    [InlineData("jobs", """{"spec":{"parallelism":1},"status":{"startTime":"2026-01-01T00:00:00Z","conditions":[{"type":"Failed","status":"True"}]}}""", "a | Failed | 0/1 | 60s | 60s")]
    [InlineData("jobs", """{"spec":{"suspend":true},"status":{"conditions":[{"type":"Suspended","status":"True"}]}}""", "a | Suspended | 0/1 |  | 60s")]
    [InlineData("cronjobs", """{"spec":{"schedule":"@daily","timeZone":"Etc/UTC","suspend":true},"status":{"active":[{}],"lastScheduleTime":"2026-01-01T00:00:30Z"}}""", "a | @daily | Etc/UTC | True | 1 | 30s | 60s")]
    [InlineData("daemonsets", """{"spec":{"template":{"spec":{"nodeSelector":{"d":"1"}}}},"status":{"desiredNumberScheduled":3,"currentNumberScheduled":2,"numberReady":1,"updatedNumberScheduled":2,"numberAvailable":1}}""", "a | 3 | 2 | 1 | 2 | 1 | d=1 | 60s")]
    [InlineData("limitranges", """{"spec":{}}""", "a | 2026-01-01T00:00:00Z")]
    public void Row_Table_IsUpstreams(string resource, string content, string row) =>
        Assert.Equal(row, Strategies.Row(resource, content.StartsWith("{\"metadata\"", StringComparison.Ordinal) ? content : "{" + Meta + "," + content[1..]));

    [Fact]
    public void ReplicaSets_Wide_ShowContainersImagesAndSelector()
    {
        var set = "{" + Meta + ""","spec":{"replicas":2,"selector":{"matchLabels":{"b":"1","a":"2"},"matchExpressions":[{"key":"c","operator":"In","values":["x","y"]}]},"template":{"spec":{"containers":[{"name":"n","image":"i"},{"name":"m","image":"j"}]}}}}""";

        Assert.Equal("a | 2 | 0 | 0 | 60s | n,m | i,j | a=2,b=1,c in (x,y)", Strategies.Row("replicasets", set, wide: true));
    }

    [Theory]
    [InlineData("rolebindings")]
    [InlineData("clusterrolebindings")]
    public void Bindings_Wide_ShowWhoIsMeant(string resource)
    {
        var binding = "{" + Meta + ""","roleRef":{"kind":"ClusterRole","name":"r"},"subjects":[{"kind":"User","name":"u"},{"kind":"User","name":"v"},{"kind":"Group","name":"g"},{"kind":"ServiceAccount","namespace":"n","name":"s"}]}""";

        Assert.Equal("a | ClusterRole/r | 60s | u, v | g | n/s", Strategies.Row(resource, binding, wide: true));
    }

    [Theory]
    [InlineData("""{"type":"Normal","reason":"R","message":" m\n","count":3,"firstTimestamp":"2026-01-01T00:00:00Z","lastTimestamp":"2026-01-01T00:00:50Z","involvedObject":{"kind":"Pod","name":"p","fieldPath":"f"},"source":{"component":"c","host":"h"}}""", "10s | Normal | R | pod/p | f | c, h | m | 60s | 3 | a")]
    [InlineData("""{"type":"Warning","reason":"R","message":"m","eventTime":"2026-01-01T00:00:30.000000Z","involvedObject":{"kind":"Node"},"reportingComponent":"c","reportingInstance":"i"}""", "30s | Warning | R | node |  | c, i | m | 30s | 1 | a")]
    [InlineData("""{"reason":"R","eventTime":"2026-01-01T00:00:00.000000Z","series":{"count":5,"lastObservedTime":"2026-01-01T00:00:55.000000Z"},"involvedObject":{"kind":"Pod","name":"p"}}""", "5s |  | R | pod/p |  |  |  | 60s | 5 | a")]
    [InlineData("""{"reason":"R","involvedObject":{}}""", "<unknown> |  | R |  |  |  |  | <unknown> | 1 | a")]
    public void Events_Wide_ShowBothForms(string content, string row) =>
        Assert.Equal(row, Strategies.Row("events", "{" + Meta + "," + content[1..], wide: true));
}
