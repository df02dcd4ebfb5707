using k8s.Models;

using MiniKube.Api.Validation;
using MiniKube.ApiServer.Registry;

namespace MiniKube.ApiServer.Resources.Rbac;

internal sealed class RoleStrategy : ResourceStrategy<V1Role>
{
    public override bool AllowCreateOnUpdate => true;

    public override IEnumerable<string> ValidateName(string name) => Names.PathSegment(name);
}
