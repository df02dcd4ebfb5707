return await MiniKube.ControllerManager.ControllerManagerCommand.Create().Parse(args).InvokeAsync();
