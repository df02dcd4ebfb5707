using k8s.Models;

using MiniKube.ApiServer.Registry;

namespace MiniKube.ApiServer.Resources.ResourceAllocation;

internal sealed class DeviceTaintRuleStrategy : ResourceStrategy<V1DeviceTaintRule>
{
    public override bool NamespaceScoped => false;

    public override bool ReturnsDeletedObject => true;
}
