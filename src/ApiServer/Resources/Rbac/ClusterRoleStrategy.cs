using k8s.Models;

using MiniKube.Api.Validation;
using MiniKube.ApiServer.Registry;

namespace MiniKube.ApiServer.Resources.Rbac;

internal sealed class ClusterRoleStrategy : ResourceStrategy<V1ClusterRole>
{
    public override bool NamespaceScoped => false;

    public override bool AllowCreateOnUpdate => true;

    public override IEnumerable<string> ValidateName(string name) => Names.PathSegment(name);
}
